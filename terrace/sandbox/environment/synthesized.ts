import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Model } from '../../model/model';
import type { Profile } from './config-files';

/** Account of the ambient key while no tree has been synthesized. */
const placeholderAccount = '111111111111';

/** The model of the tree in a project's `live/`; undefined before the first synth, or while it cannot be read. */
export function synthesizedModel(project: string): Model | undefined {
  try {
    const model = JSON.parse(readFileSync(path.join(project, 'live', 'synth.json'), 'utf8')) as Model;
    return model.version === 1 ? model : undefined;
  } catch {
    return undefined;
  }
}

/** Account of the first environment. */
export function defaultAccount(model: Model | undefined): string {
  return model?.systems.flatMap(({ environments }) => environments)[0]?.stateAccount ?? placeholderAccount;
}

/** The profiles that environments name as their credentials. */
export function profilesOf(model: Model | undefined): readonly Profile[] {
  const profiles = new Map<string, Profile>();
  for (const { credentials, stateAccount } of model?.systems.flatMap(({ environments }) => environments) ?? [])
    if (credentials.kind === 'profile') profiles.set(credentials.profile, { name: credentials.profile, account: stateAccount });
  return [...profiles.values()];
}
