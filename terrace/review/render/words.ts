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

/** `2 to replace, 1 to create`; `nothing` where all are 0. */
export function countsText(counts: Counts): string {
  const parts = [
    [counts.delete, 'to destroy'],
    [counts.replace, 'to replace'],
    [counts.update, 'to change'],
    [counts.create, 'to create'],
    [counts.forget, 'to forget'],
    [counts.move, 'to move'],
    [counts.import, 'to import'],
  ] as const;
  const text = parts.filter(([count]) => count > 0).map(([count, says]) => `${count.toLocaleString('en')} ${says}`);
  return text.length === 0 ? 'nothing' : text.join(', ');
}
