import { TerraformDataSource, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

import { acceptedPlace, type PlacedUnit } from '../state/accepted-place';
import { backendBeside } from '../state/state-beside';
import { previousPath } from '../model/moved-unit';
import type { Environment } from '../tree/environment';
import type { Unit } from '../tree/unit';
import type { RoleNeeds, UnitNeeds } from './role-policies';
import type { StateKey } from './state-access';

export interface NeedsOptions {
  /** A unit under construction, which cannot be asked yet, and the types it is going to have. */
  readonly unfinished?: { readonly unit: Unit; readonly types: readonly string[] };
}

/** What the roles of an environment need: the types and states of all its units, which are built for it where they are not yet. */
export function roleNeeds(environment: Environment, options: NeedsOptions = {}): RoleNeeds {
  const { unfinished } = options;
  const units = environment.regions.flatMap((region) =>
    Object.keys(region.units).map((id): UnitNeeds | undefined => {
      if (unfinished !== undefined && unfinished.unit.region === region && unfinished.unit.id === id)
        return unitNeeds(unfinished.unit, unfinished.types);
      const unit = region.build(id);
      return unit === undefined ? undefined : unitNeeds(unit, typesOf(unit));
    }),
  );
  const placed = environment.regions.flatMap((region) =>
    Object.keys(region.units).flatMap((id): PlacedUnit[] => {
      const isUnfinished = unfinished !== undefined && unfinished.unit.region === region && unfinished.unit.id === id;
      const unit = isUnfinished ? unfinished.unit : region.build(id);
      return unit === undefined ? [] : [{ path: unit.path, region: region.name, bootstrap: unit.bootstrap, backend: unit.backendModel }];
    }),
  );
  return {
    account: environment.stateAccountId,
    project: environment.system.values.project,
    environment: environment.name,
    accepted: acceptedPlace(environment.name, environment.system.stateKeyTemplate, placed),
    backend: environment.system.backendNames,
    units: units.filter((unit) => unit !== undefined),
    foreign: foreignStates(environment),
  };
}

/** States of units elsewhere, also of other systems, that units of the environment depend on: the owner of a DNS zone, say. */
function foreignStates(environment: Environment): readonly StateKey[] {
  const upstream = environment.regions.flatMap((region) => region.builtUnits()).flatMap((unit) => unit.upstream);
  return [...new Set(upstream)]
    .filter((unit) => unit.region.environment !== environment)
    .map((unit) => ({
      ...unit.backendModel,
      account: unit.region.environment.stateAccountId,
    }));
}

function unitNeeds(unit: Unit, types: readonly string[]): UnitNeeds {
  const previous = previousKey(unit);
  return { state: unit.backendModel, types, appliedByBootstrap: unit.appliedByBootstrap, ...(previous === undefined ? {} : { previous }) };
}

/** Where the state of a unit that moved within its environment stood before; undefined where another unit stands there now. */
function previousKey({ region, movedFrom, path, backendModel }: Unit): StateKey | undefined {
  const { environment } = region;
  if (movedFrom === undefined) return undefined;
  const from = previousPath({ system: environment.system.name, environment: environment.name, region: region.name, movedFrom });
  if (from === undefined || !from.startsWith(`${environment.path}/`)) return undefined;
  if (environment.regions.some((one) => Object.keys(one.units).some((id) => `${one.path}/${id}` === from))) return undefined;
  return backendBeside({ path, backend: backendModel }, from);
}

/** Resource types and data sources of a construct and everything below it, sorted. */
export function typesOf(scope: Construct): readonly string[] {
  const types = scope.node.findAll().flatMap((construct) => {
    if (TerraformResource.isTerraformResource(construct)) return [construct.terraformResourceType];
    if (TerraformDataSource.isTerraformDataSource(construct)) return [`data.${construct.terraformResourceType}`];
    return [];
  });
  return [...new Set(types)].sort();
}
