import type { UnitModel } from '../model/model';
export function generatedVariables(_units: readonly UnitModel[], _from: { seed: string; account: string }): Record<string, string> { return {}; }
