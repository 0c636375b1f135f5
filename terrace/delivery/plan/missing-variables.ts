import type { Problem } from '../../base/errors';
import type { UnitModel } from '../../model/model';
import { problem } from '../problems';

/** One problem for each unit whose required variables are not in the environment; asked before init, for all units at once. */
export function missingVariables(units: readonly UnitModel[], env: NodeJS.ProcessEnv): readonly Problem[] {
  return units.flatMap((unit) => {
    const missing = unit.variables.filter((variable) => variable.required && (env[`TF_VAR_${variable.name}`] ?? '') === '');
    if (missing.length === 0) return [];
    return [
      problem('E6023', {
        place: unit.path,
        found: missing.map((variable) => `TF_VAR_${variable.name} is not set (${variable.description || variable.type})`).join('\n'),
        todo: 'set it from wherever the environment keeps its secrets; in the sandbox, `terrace sandbox env` generates one',
      }),
    ];
  });
}
