import type { Tone } from '../../base/paint';
import type { Action, ResourceChange } from '../plan/plan-model';
import type { Counts } from '../model/review';

/** An action as the page names it; `none` is a move or an import. */
export type ShownAction = Exclude<Action, 'none'> | 'move' | 'import';

export const shownActions: readonly ShownAction[] = ['delete', 'replace', 'forget', 'update', 'create', 'move', 'import', 'read'];

export const symbols: Readonly<Record<ShownAction, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '−',
  forget: '⊘',
  read: '?',
  move: '→',
  import: '⇤',
};

/** "to …": the same words wherever actions are counted, filtered or listed. */
export const verbs: Readonly<Record<ShownAction, string>> = {
  create: 'create',
  update: 'change',
  replace: 'replace',
  delete: 'destroy',
  forget: 'forget',
  read: 'read',
  move: 'move',
  import: 'import',
};

/** "will be …" */
export const participles: Readonly<Record<ShownAction, string>> = {
  create: 'created',
  update: 'changed in place',
  replace: 'replaced',
  delete: 'destroyed',
  forget: 'forgotten, not destroyed',
  read: 'read during apply',
  move: 'moved',
  import: 'imported',
};

export function shownAction(change: Pick<ResourceChange, 'action' | 'imported' | 'movedFrom'>): ShownAction {
  if (change.action !== 'none') return change.action;
  return change.imported === undefined ? 'move' : 'import';
}

/** Which values of a change there are to show: what is made has none before, what goes has none after. */
export function shownSide({ action }: Pick<ResourceChange, 'action'>): 'before' | 'after' | 'both' {
  if (action === 'create' || action === 'read') return 'after';
  return action === 'delete' || action === 'forget' ? 'before' : 'both';
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** What a number of changes is called, with the colour of its meaning; none that is 0. */
export function countParts(counts: Counts): readonly (readonly [tone: Tone, text: string])[] {
  const parts = [
    ['destroy', counts.delete, 'to destroy'],
    ['replace', counts.replace, 'to replace'],
    ['change', counts.update, 'to change'],
    ['add', counts.create, 'to create'],
    ['destroy', counts.forget, 'to forget'],
    ['soft', counts.move, 'to move'],
    ['soft', counts.import, 'to import'],
  ] as const;
  return parts.filter(([, count]) => count > 0).map(([tone, count, says]) => [tone, `${count.toLocaleString('en')} ${says}`]);
}

/** `2 to replace, 1 to create`; `nothing` where all are 0. */
export function countsText(counts: Counts): string {
  const parts = countParts(counts).map(([, text]) => text);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
