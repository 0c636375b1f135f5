import type { Sequence, SequenceStep } from '../describe/sequence';

/** The sequence as a Mermaid sequence diagram. */
export function sequenceMermaid(sequence: Sequence): string {
  const people = sequence.participants.map(({ id, title }) => `  participant ${id} as ${plain(title)}`);
  return [`sequenceDiagram`, ...people, ...sequence.steps.flatMap((step) => linesOf(step, '  ')), ''].join('\n');
}

function linesOf(step: SequenceStep, indent: string): readonly string[] {
  if (step.kind === 'message') return [`${indent}${step.from}${step.answer === true ? '-->>' : '->>'}${step.to}: ${plain(step.text)}`];
  const inner = `${indent}  `;
  if (step.kind === 'together')
    return [
      ...step.steps.flatMap((one, index) => [
        `${indent}${index === 0 ? 'par' : 'and'} ${titleOf(one, step.title)}`,
        ...linesOf(one, inner),
      ]),
      `${indent}end`,
    ];
  const open = step.kind === 'stage' ? 'rect rgba(127, 127, 127, 0.1)' : `opt ${plain(step.title)}`;
  const note = step.kind === 'stage' ? [`${inner}Note over ${firstOf(step.steps)}: ${plain(step.title)}`] : [];
  return [`${indent}${open}`, ...note, ...step.steps.flatMap((one) => linesOf(one, inner)), `${indent}end`];
}

function titleOf(step: SequenceStep, otherwise: string): string {
  return plain(step.kind === 'message' ? step.text : step.title) || otherwise;
}

function firstOf(steps: readonly SequenceStep[]): string {
  const [first] = steps;
  return first === undefined ? '' : first.kind === 'message' ? first.from : firstOf(first.steps);
}

function plain(text: string): string {
  return text.replaceAll(/[\n;#]/g, ' ');
}
