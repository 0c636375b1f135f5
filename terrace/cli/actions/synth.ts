import path from 'node:path';

import type { SynthesisReport } from '../../synth/synthesize';
import { quantity } from '../../base/plural';
import type { CommandContext } from '../command-context';
import { liveRoot, synthesize, synthesizeElsewhere } from '../project';
import { checkTypes } from '../types';

export interface SynthRequest {
  readonly selectors: readonly string[];
  readonly out?: string;
  readonly check: boolean;
  /** Synthesize once more as somebody else would, and compare. @default false */
  readonly again?: boolean;
  readonly json: boolean;
}

/** `terrace synth`. Gives false where `--check` found differences. */
export async function runSynth(context: CommandContext, request: SynthRequest): Promise<boolean> {
  const root = context.project();
  const out = request.out === undefined ? liveRoot(root) : path.resolve(request.out);
  const started = performance.now();
  if (process.env['CI'] !== undefined) await checkTypes(root, request.selectors);
  const report = await synthesize(root, {
    selectors: request.selectors,
    check: request.check,
    includePlanned: context.includePlanned,
    ...(request.out === undefined ? { environments: true } : { out }),
  });
  if (request.again === true) await synthesizeElsewhere(root, request.selectors, out, context.includePlanned);
  const clean = !request.check || report.written.length + report.removed.length === 0;
  if (request.json) {
    const { units, written, removed, unchanged } = report;
    process.stdout.write(`${JSON.stringify({ version: 1, out, check: request.check, units, written, removed, unchanged }, null, 2)}\n`);
    return clean;
  }
  process.stdout.write(`${text(report, request.check, path.relative(process.cwd(), out) || '.', (performance.now() - started) / 1000)}\n`);
  return clean;
}

function text(report: SynthesisReport, check: boolean, out: string, seconds: number): string {
  const { units, written, removed, unchanged } = report;
  if (!check)
    return `${quantity(units.length, 'unit')} in ${out}: ${quantity(written.length, 'file')} written, ${removed.length} removed, ${unchanged} unchanged (${seconds.toFixed(1)} s)`;
  if (written.length + removed.length === 0) return `${quantity(units.length, 'unit')} in ${out}: up to date`;
  return [
    ...written.map((name) => `differs    ${name}`),
    ...removed.map((name) => `left over  ${name}`),
    `${out} is not what the source synthesizes to: run \`terrace synth\``,
  ].join('\n');
}
