import type { UnitModel } from './model';

/** The whole path of `movedFrom`, which may be given as `<layer>/<unit>`; undefined where the unit says nothing of a move. */
export function previousPath(unit: Pick<UnitModel, 'system' | 'environment' | 'region' | 'movedFrom'>): string | undefined {
  const from = unit.movedFrom;
  if (from === undefined || from.split('/').length !== 2) return from;
  return `${unit.system}/${unit.environment}/${unit.region}/${from}`;
}

/** The command that takes a moved unit's state along; interrupted, it goes on when it is given again. */
export function moveCommand(from: string, to: string): string {
  return `terrace state move ${from} ${to}`;
}

/** The sentence beside a moved unit. */
export function movedReason(from: string, to: string): string {
  return `its state moves here from ${from}: ${moveCommand(from, to)}`;
}
