import type { UnitModel } from '../../model/model';

/**
 * The round in which each unit is planned when nothing of its system exists yet, from 1: one behind everything whose outputs it reads, and not
 * before what it only comes after. Units have no circles.
 */
export function firstRounds(units: readonly UnitModel[]): ReadonlyMap<string, number> {
  const byPath = new Map(units.map((unit) => [unit.path, unit]));
  const rounds = new Map<string, number>();
  const roundOf = (path: string): number => {
    const known = rounds.get(path);
    if (known !== undefined) return known;
    const needed = (byPath.get(path)?.dependencies ?? []).map(({ unit, outputs }) => roundOf(unit) + (outputs.length > 0 ? 1 : 0));
    const round = Math.max(1, ...needed);
    rounds.set(path, round);
    return round;
  };
  for (const { path } of units) roundOf(path);
  return rounds;
}
