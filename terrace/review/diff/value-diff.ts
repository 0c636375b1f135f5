import { at, isList, isMap, isMark, isSensitive, isUnknown, sameValue, type ShownValue, type ShownList } from '../values/shown-value';

import { align, labelsOf } from './align';
import type { AttributeChange, AttributeMark, Step } from './attribute-change';
import { isLongText, textLines } from './text-lines';

/** Nested deeper than this, a value is compared as a whole. */
const deepest = 24;

/** The object or list written in a string (`jsonencode`), undefined where it holds something else. */
export function documentOf(value: ShownValue | undefined): ShownValue | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? (parsed as ShownValue) : undefined;
  } catch {
    return undefined;
  }
}

function isPlain(value: ShownValue): boolean {
  return isMark(value) || (!isList(value) && !isMap(value));
}

function isPlainList(value: ShownValue | undefined): value is ShownList {
  return isList(value) && value.every(isPlain) && !value.some((item) => isLongText(item) || documentOf(item) !== undefined);
}

function isEmpty(value: ShownValue | undefined): boolean {
  return (
    value === undefined || value === null || (isList(value) && value.length === 0) || (isMap(value) && Object.keys(value).length === 0)
  );
}

function marksOf(before: ShownValue | undefined, after: ShownValue | undefined): readonly AttributeMark[] {
  const any = (value: ShownValue | undefined, test: (value: ShownValue | undefined) => boolean): boolean =>
    test(value) || (isList(value) && value.some((item) => test(item)));
  return [
    ...(any(after, isUnknown) ? (['unknown'] as const) : []),
    ...(any(before, isSensitive) || any(after, isSensitive) ? (['sensitive'] as const) : []),
  ];
}

/** What came and went between two lists of plain values, counted (a value may stand twice). */
function elementsOf(before: ShownList, after: ShownList): NonNullable<AttributeChange['elements']> {
  const rest = [...before];
  const added = after.filter((item) => {
    const index = rest.findIndex((other) => sameValue(other, item));
    if (index < 0) return true;
    rest.splice(index, 1);
    return false;
  });
  return { added, removed: rest, kept: after.length - added.length };
}

function leaf(path: readonly Step[], before: ShownValue | undefined, after: ShownValue | undefined): AttributeChange {
  const kind = isEmpty(before) ? 'added' : isEmpty(after) ? 'removed' : 'changed';
  const change: AttributeChange = {
    path,
    kind,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    marks: marksOf(before, after),
  };
  const documents = [documentOf(before), documentOf(after)] as const;
  if (
    (documents[0] !== undefined || documents[1] !== undefined) &&
    documents.every((document, side) => document !== undefined || isEmpty([before, after][side]))
  ) {
    return { ...change, document: diffValues(documents[0], documents[1]) };
  }
  if ((isLongText(before) || isLongText(after)) && [before, after].every((value) => typeof value === 'string' || isEmpty(value))) {
    return { ...change, lines: textLines(typeof before === 'string' ? before : '', typeof after === 'string' ? after : '') };
  }
  // Policies write one value as a text and several as a list.
  const [from, to] = [before, after].map((value) =>
    typeof value === 'string' && (isPlainList(before) || isPlainList(after)) ? [value] : value,
  );
  if (isPlainList(from) && isPlainList(to)) return { ...change, elements: elementsOf(from, to) };
  return change;
}

function* walk(path: readonly Step[], before: ShownValue | undefined, after: ShownValue | undefined): Generator<AttributeChange> {
  if (sameValue(before, after) || (isEmpty(before) && isEmpty(after))) return;
  const either = [before, after].filter((value) => !isEmpty(value));
  if (path.length < deepest && either.every((value) => isMap(value))) {
    const maps = [before, after].map((value) => (isMap(value) ? value : {}));
    const names = [...new Set(maps.flatMap((map) => Object.keys(map)))].sort();
    for (const name of names) yield* walk([...path, name], at(maps[0], name), at(maps[1], name));
    return;
  }
  if (path.length < deepest && either.every((value) => isList(value)) && !either.every((value) => isPlainList(value))) {
    const lists = [isList(before) ? before : [], isList(after) ? after : []] as const;
    const labels = lists.map(labelsOf);
    for (const pair of align(lists[0], lists[1])) {
      const [side, index] = pair.after === undefined ? ([0, pair.before ?? 0] as const) : ([1, pair.after] as const);
      const label = labels[side]?.[index];
      const step: Step = label === undefined ? { index } : { index, label };
      const old = pair.before === undefined ? undefined : lists[0][pair.before];
      const now = pair.after === undefined ? undefined : lists[1][pair.after];
      const inner = [...walk([...path, step], old, now)];
      // A block without arguments says something by being there (`count {}`).
      if (inner.length === 0 && pair.before === undefined) yield { path: [...path, step], kind: 'added', after: now ?? null, marks: [] };
      else if (inner.length === 0 && pair.after === undefined)
        yield { path: [...path, step], kind: 'removed', before: old ?? null, marks: [] };
      else yield* inner;
    }
    return;
  }
  yield leaf(path, before, after);
}

/**
 * Every attribute in which two values differ, in the order of their names; absent, null and empty count as equal.
 * Lists of blocks are matched by what tells their elements apart, lists of plain values give only what came and went.
 */
export function diffValues(before: ShownValue | undefined, after: ShownValue | undefined): readonly AttributeChange[] {
  return [...walk([], before, after)];
}
