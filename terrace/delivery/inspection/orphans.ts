import type { Model, UnitModel } from '../../model/model';
import { holdsResources, previousState } from '../target/moved-state';
import { keyPrefixOf, keyTemplateOf, pathOfKey, stateKeyOf } from '../../state/state-key';
import { accessOf } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';

import type { AppliedRecord } from '../record/record';

/** A state in the bucket of an environment that no unit of the tree owns. */
export interface Orphan {
  /** `<system>/<environment>/<region>/<layer>/<unit>`, by its key. */
  readonly unit: string;
  readonly bucket: string;
  readonly key: string;
  /** Undefined where Terrace never applied it. */
  readonly record: AppliedRecord | undefined;
  /** Unit whose source says that this state moves to it, where it did not arrive yet. Never destroyed. */
  readonly movesTo?: string;
}

/**
 * States of the model's systems that no unit owns and that still hold something, in environments and regions that are gone as well: all
 * keys of the form of a unit's in the buckets of the systems are looked at. What is in an environment that the source no longer has counts
 * only where its record says whose it is. `model` holds every unit of its systems.
 */
export async function orphansOf(context: DeliveryContext, model: Model, isSelected: (path: string) => boolean): Promise<readonly Orphan[]> {
  const owned = new Set(model.units.map((unit) => `${unit.backend.bucket}/${unit.backend.key}`));
  // What the source describes: an environment of which a tree holds no unit is not gone.
  const environments = new Set(model.systems.flatMap(({ name, environments: all }) => all.map((one) => `${name}/${one.name}`)));
  const held = new Set(model.units.map((unit) => `${unit.system}/${unit.environment}`));
  const found = new Map<string, Orphan>();
  const claims = new Map<string, UnitModel>();
  for (const unit of model.units) {
    const backend = previousState(model, unit)?.target.backend;
    if (backend !== undefined) claims.set(`${backend.bucket}/${backend.key}`, unit);
  }
  const places = new Map<string, UnitModel>();
  const chosen = model.units.filter((unit) => isSelected(unit.path));
  // Selectors may name only what is gone: then any unit tells where its system keeps states.
  for (const unit of chosen.length > 0 ? chosen : model.units)
    places.set(`${unit.backend.bucket} ${unit.system}/${unit.environment}`, unit);
  for (const sample of places.values()) {
    const env = await context.accounts.environmentFor(sample, accessOf(model, sample));
    const template = keyTemplateOf(sample);
    for (const { backend, key } of await statesOf(context, sample, env, template)) {
      const place = `${backend.bucket}/${key}`;
      const path =
        owned.has(place) || found.has(place)
          ? undefined
          : await pathOf(context, template, { ...sample, backend: { ...backend, key } }, env);
      if (path === undefined || !isSelected(path)) continue;
      const environment = path.split('/').slice(0, 2).join('/');
      // Each environment is read with its own credentials.
      if (environments.has(environment) && (!held.has(environment) || environment !== `${sample.system}/${sample.environment}`)) continue;
      const target = { path, backend: { ...backend, key } };
      const [state, record] = [await context.states.read(target, env), await context.states.readRecord(target, env)];
      if (state === undefined || record?.status === 'destroyed' || !holdsResources(state)) continue;
      const isOfSource = environments.has(environment);
      if (!isOfSource && record?.unit !== path) continue;
      const claim = claims.get(place);
      const movesTo = claim !== undefined && (await isWaitedFor(context, model, claim, state.lineage)) ? claim.path : undefined;
      found.set(place, { unit: path, bucket: backend.bucket, key, record, ...(movesTo === undefined ? {} : { movesTo }) });
    }
  }
  return [...found.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

/** The path of the unit that a state belongs to: by its key, else (where two paths could have that key) by the record beside it. */
async function pathOf(context: DeliveryContext, template: string, sample: UnitModel, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { backend } = sample;
  const told = pathOfKey(template, backend.key, sample.path);
  if (told !== undefined || backend.keyTemplate === undefined) return told;
  const record = await context.states.readRecord(sample, env);
  const isOwn = record?.unit.startsWith(`${sample.system}/`) === true && stateKeyOf(template, record.unit) === backend.key;
  return isOwn ? record.unit : undefined;
}

/** Keys of states in the bucket of a unit, and in those of other regions of its account. */
async function statesOf(
  { states }: DeliveryContext,
  { path, backend }: UnitModel,
  env: NodeJS.ProcessEnv,
  template: string,
): Promise<readonly { readonly backend: UnitModel['backend']; readonly key: string }[]> {
  const named = backend.bucket.slice(0, -backend.region.length);
  const regions = backend.bucket.endsWith(backend.region)
    ? (await states.buckets({ path, backend }, env, named)).map((bucket) => bucket.slice(named.length))
    : [];
  const all = [
    backend,
    ...regions.filter((region) => region !== backend.region).map((region) => ({ ...backend, bucket: `${named}${region}`, region })),
  ];
  const found = await Promise.all(
    all.map(async (one) =>
      (await states.keys({ path, backend: one }, env, keyPrefixOf(template), template.slice(template.lastIndexOf('}') + 1))).map((key) => ({
        backend: one,
        key,
      })),
    ),
  );
  return found.flat();
}

/** True where the unit that a state moves to has nothing yet, or a copy of it that a broken-off move left. */
async function isWaitedFor(context: DeliveryContext, model: Model, unit: UnitModel, lineage: string): Promise<boolean> {
  const state = await context.states.read(unit, await context.accounts.environmentFor(unit, accessOf(model, unit)));
  return state === undefined || !holdsResources(state) || state.lineage === lineage;
}
