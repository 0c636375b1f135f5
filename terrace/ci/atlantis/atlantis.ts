import { TerraceError } from '../../base/errors';
import type { Model, UnitModel } from '../../model/model';
import { yaml } from '../github/yaml';

export const atlantisFile = 'atlantis.yaml';

/**
 * The projects of a committed tree for Atlantis: one for each unit, in the order of their waves, planned where its files change, applied
 * after what it reads. Raises E0503 for a system whose tree is not committed beside its source: Atlantis reads folders of the repository.
 */
export function atlantisFiles(model: Model, terraformVersion: string): ReadonlyMap<string, string> {
  const absent = model.systems.filter(({ liveTree }) => liveTree !== 'committed').map(({ name }) => name);
  if (absent.length > 0 || model.systems.length === 0)
    throw new TerraceError({
      code: 'E0503',
      title: 'tree is not committed',
      place: absent.map((name) => `stacks/${name}/root.ts`).join(', '),
      found: `Atlantis reads the tree from the repository, and the tree of ${absent.join(', ') || 'no system'} is not there`,
      expected: "liveTree: 'committed'",
      todo: 'set it, run `terrace synth` and `terrace publish`, then generate the pipelines again',
    });
  const units = model.units.filter((unit) => !unit.bootstrap);
  const known = new Map(units.map((unit) => [unit.path, unit]));
  const text = yaml({
    version: 3,
    automerge: false,
    parallel_plan: true,
    parallel_apply: false,
    abort_on_execution_order_fail: true,
    projects: units
      .toSorted((a, b) => a.wave - b.wave || (a.path < b.path ? -1 : 1))
      .map((unit) => ({
        name: unit.stackId,
        dir: `live/${unit.path}`,
        terraform_version: `v${terraformVersion}`,
        execution_order_group: unit.wave,
        ...dependencies(unit, known),
        autoplan: { enabled: true, when_modified: ['*.tf.json', '.terraform.lock.hcl', '**/*'] },
        plan_requirements: ['undiverged'],
        apply_requirements: ['approved', 'mergeable', 'undiverged'],
      })),
  });
  return new Map([[atlantisFile, `# Made by \`terrace ci generate --target atlantis\` from the tree.\n${text}`]]);
}

function dependencies(unit: UnitModel, known: ReadonlyMap<string, UnitModel>): { readonly depends_on?: readonly string[] } {
  const needed = unit.dependencies.flatMap((one) => known.get(one.unit)?.stackId ?? []);
  return needed.length === 0 ? {} : { depends_on: needed };
}
