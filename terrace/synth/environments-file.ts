import path from 'node:path';

import { readOptional } from '../base/read-optional';
import { replaceFile } from '../base/replace-file';
import {
  environmentsFile,
  type EnvironmentFacts,
  type EnvironmentsFile,
  type StateBucketFacts,
} from '../delivery/approval/environment-facts';
import type { UnitModel } from '../model/model';
import { acceptedPlace } from '../state/accepted-place';
import { excludedEnvironments } from '../model/planned';
import type { Environment } from '../tree/environment';
import type { BuiltTree } from '../tree/project';

/**
 * The facts of the environments that a synthesis covers whole, beside those that the file has of others: a part that was synthesized
 * changes nothing outside it, and planned environments that were left out keep theirs. Environments of systems that are gone go with a
 * synthesis of everything.
 */
export function environmentsText(tree: BuiltTree, before: string | undefined, everything: boolean): string {
  const selected = new Set(tree.selected);
  const isWhole = (environment: Environment): boolean =>
    tree.catalogue.filter((one) => one.startsWith(`${environment.path}/`)).every((one) => selected.has(one));
  const whole = tree.systems.flatMap(({ environments }) => environments).filter(isWhole);
  const own = whole.flatMap((environment) => {
    const units = tree.model.units.filter((unit) => `${unit.system}/${unit.environment}` === environment.path);
    return units.length === 0 ? [] : [[environment.path, factsOf(environment, units)] as const];
  });
  const excluded = new Set(excludedEnvironments(tree.model));
  const covered = new Set(whole.flatMap((environment) => (excluded.has(environment.path) ? [] : [environment.path])));
  const kept = Object.entries(environmentsIn(before)).filter(([name]) => excluded.has(name) || (!everything && !covered.has(name)));
  const file: EnvironmentsFile = {
    version: 1,
    environments: Object.fromEntries([...kept, ...own].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Writes the file where it differs; with `check` only says whether it does. */
export function syncEnvironmentsFile(
  root: string,
  tree: BuiltTree,
  options: { readonly everything: boolean; readonly check: boolean },
): boolean {
  const file = path.join(root, environmentsFile);
  const before = readOptional(file);
  const text = environmentsText(tree, before, options.everything);
  if (text === before) return false;
  if (!options.check) replaceFile(file, Buffer.from(text));
  return true;
}

function factsOf(environment: Environment, units: readonly UnitModel[]): EnvironmentFacts {
  const { values, system } = environment;
  const states = bucketsOf(units);
  const roles = system.values.ci?.environments[environment.name]?.roles;
  return {
    account: values.account.id,
    stateAccount: environment.stateAccountId,
    credentials: environment.credentials,
    ...(roles === undefined ? {} : { roles: { plan: roles.plan, apply: roles.apply } }),
    lock: system.lock,
    states,
    accepted: acceptedPlace(environment.name, system.stateKeyTemplate, units),
    stateKey: system.stateKeyTemplate,
    regions: [...new Set(units.flatMap((unit) => unit.awsRegion ?? []))].toSorted(),
    protected: values.protected ?? false,
    planned: values.planned ?? false,
    pass: { variables: [...(values.pass?.variables ?? [])].toSorted(), files: [...(values.pass?.files ?? [])].toSorted() },
    addresses: values.addresses ?? {},
  };
}

function bucketsOf(units: readonly UnitModel[]): readonly StateBucketFacts[] {
  const buckets = new Map<string, StateBucketFacts>();
  for (const { backend } of units)
    buckets.set(backend.bucket, {
      bucket: backend.bucket,
      region: backend.region,
      ...(backend.kmsKeyId === undefined ? {} : { kmsKeyId: backend.kmsKeyId }),
      ...(backend.dynamodbTable === undefined ? {} : { lockTable: backend.dynamodbTable }),
    });
  return [...buckets.values()].toSorted((a, b) => (a.bucket < b.bucket ? -1 : 1));
}

/** What the file says of environments; nothing where it cannot be read: then what is synthesized is all that is known. */
function environmentsIn(text: string | undefined): EnvironmentsFile['environments'] {
  try {
    const file: Partial<EnvironmentsFile> = JSON.parse(text ?? '{}');
    return file.version === 1 ? (file.environments ?? {}) : {};
  } catch {
    return {};
  }
}
