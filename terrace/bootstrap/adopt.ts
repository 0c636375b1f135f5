import type { UnitModel } from '../model/model';
import { existingParts } from './existing';
import { taggedKeys } from './tagged-keys';
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
 * on purpose. Buckets, lock table, the key behind the alias, or one that bears the unit's tags: without it the next apply would fail on names
 * that are taken, and make a second key.
 */
export async function adoptLeftovers({ unit, folder, json, env, onStep }: AdoptOptions): Promise<void> {
  const known = new Set((await folder.run(['state', 'list'], [0, 1])).stdout.split('\n').map((line) => line.trim()));
  const existing = (await existingParts(unit, json, env)).filter(({ address }) => !known.has(address));
  if (existing.length > 0) onStep(`take over existing: ${existing.map(({ name }) => name).join(', ')}`);
  for (const { address, name } of existing) await folder.run(['import', '-input=false', address, name]);
  const [key] = Object.keys(json.resource?.['aws_kms_key'] ?? {});
  const address = `aws_kms_key.${key ?? ''}`;
  // An alias may have been made just after its key was written to the state.
  const aliased = await keysOfAliases(folder, json, known);
  if (key === undefined || known.has(address)) return;
  const candidates = [...aliased, ...(await taggedKeys(folder, json)).map(keyIdOf)];
  for (const id of new Set(candidates)) {
    // One that waits for its deletion is found, and cannot be taken over.
    const { exitCode } = await folder.run(['import', '-input=false', address, id], [0, 1]);
    if (exitCode !== 0) continue;
    onStep(`take over the key that an earlier run created: ${id}`);
    return;
  }
}

/** Ids of the keys behind the aliases that exist; these are taken over too. */
async function keysOfAliases(folder: TerraformFolder, json: UnitJson, known: ReadonlySet<string>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const alias of namedResources(json, 'aws_kms_alias', 'name')) {
    if (known.has(alias.address)) continue;
    const imported = await folder.run(['import', '-input=false', alias.address, alias.name], [0, 1]);
    if (imported.exitCode !== 0) continue;
    const target = targetKeyId((await folder.run(['show', '-json'])).stdout, alias.address);
    if (target !== undefined) found.push(target);
  }
  return found;
}

/** `arn:aws:kms:…:key/<id>` */
function keyIdOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
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
