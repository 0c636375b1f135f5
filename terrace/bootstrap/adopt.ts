import type { UnitModel } from '../model/model';
import { existingParts } from './existing';
import type { TerraformFolder } from './terraform-folder';
import { namedResources, type UnitJson } from './unit-json';

export interface AdoptOptions {
  readonly unit: UnitModel;
  readonly folder: TerraformFolder;
  readonly json: UnitJson;
  readonly env: NodeJS.ProcessEnv;
  readonly onStep: (step: string) => void;
}

/**
 * Imports what exists and the local state does not know: what an apply that was killed had made and not yet written, or what is taken over
 * on purpose. Buckets, lock table, the key behind the alias: without it the next apply would fail on names that are taken.
 */
export async function adoptLeftovers({ unit, folder, json, env, onStep }: AdoptOptions): Promise<void> {
  const known = new Set((await folder.run(['state', 'list'], [0, 1])).stdout.split('\n').map((line) => line.trim()));
  const existing = (await existingParts(unit, json, env)).filter(({ address }) => !known.has(address));
  if (existing.length === 0) return;
  onStep(`take over what exists: ${existing.map(({ name }) => name).join(', ')}`);
  for (const { address, name } of existing) await folder.run(['import', '-input=false', address, name]);
  await adoptKey(folder, json, known);
}

/** The alias may not exist: then its import fails and nothing has to be taken over. */
async function adoptKey(folder: TerraformFolder, json: UnitJson, known: ReadonlySet<string>): Promise<void> {
  const [key] = Object.keys(json.resource?.['aws_kms_key'] ?? {});
  for (const alias of namedResources(json, 'aws_kms_alias', 'name')) {
    if (known.has(alias.address) || key === undefined || known.has(`aws_kms_key.${key}`)) continue;
    const imported = await folder.run(['import', '-input=false', alias.address, alias.name], [0, 1]);
    if (imported.exitCode !== 0) continue;
    const target = targetKeyId((await folder.run(['show', '-json'])).stdout, alias.address);
    if (target !== undefined) await folder.run(['import', '-input=false', `aws_kms_key.${key}`, target]);
  }
}

function targetKeyId(show: string, address: string): string | undefined {
  const state: {
    readonly values?: {
      readonly root_module?: {
        readonly resources?: readonly { readonly address: string; readonly values: Readonly<Record<string, unknown>> }[];
      };
    };
  } = JSON.parse(show);
  const target = state.values?.root_module?.resources?.find((resource) => resource.address === address)?.values['target_key_id'];
  return typeof target === 'string' ? target : undefined;
}
