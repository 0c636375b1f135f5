import { pathText, type AttributeChange } from '../diff/attribute-change';

import { cut, valueText, visible } from './value-text';

/** Longer values are cut in texts that are read line by line. */
const longest = 300;

function shown(value: AttributeChange['after']): string {
  return cut(valueText(value), longest).replaceAll(/\s*\n\s*/g, ' ⏎ ');
}

/** Attributes as lines of a difference: `-` before, `+` after, ` ` for what stands around. */
export function attributeLines(changes: readonly AttributeChange[], side: 'both' | 'before' | 'after', indent = ''): readonly string[] {
  return changes.flatMap((change): readonly string[] => {
    const path = visible(pathText(change.path)) || 'value';
    const notes = [
      ...(change.marks.includes('replaces') ? ['forces replacement'] : []),
      ...(change.marks.includes('mocked') ? ['mock'] : []),
    ];
    const note = notes.length === 0 ? '' : `   # ${notes.join(', ')}`;
    if (change.document !== undefined) {
      return change.document.length === 0
        ? [`  ${indent}${path}: the same document, formatted differently`]
        : [`  ${indent}${path}:${note}`, ...attributeLines(change.document, side, `${indent}  `)];
    }
    if (change.lines !== undefined) {
      return [
        `  ${indent}${path}:${note}`,
        ...change.lines.map((line) =>
          line === null
            ? `  ${indent}  …`
            : `${line.kind === 'added' ? '+' : line.kind === 'removed' ? '-' : ' '} ${indent}  ${cut(visible(line.text), longest)}`,
        ),
      ];
    }
    if (change.elements !== undefined && side === 'both') {
      const { added, removed, kept } = change.elements;
      if (added.length + removed.length === 0) return [`  ${indent}${path}: the same ${kept} in a different order`];
      return [
        ...removed.map((item) => `- ${indent}${path}: ${shown(item)}${note}`),
        ...added.map((item) => `+ ${indent}${path}: ${shown(item)}${note}`),
      ];
    }
    return [
      ...(side !== 'after' && change.kind !== 'added' ? [`- ${indent}${path}: ${shown(change.before)}${note}`] : []),
      ...(side !== 'before' && (change.kind !== 'removed' || change.before === undefined)
        ? [`+ ${indent}${path}: ${shown(change.after)}${note}`]
        : []),
    ];
  });
}
