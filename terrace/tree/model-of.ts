import { TerraformVariable } from 'cdktf';

import { wavesOf } from '../model/waves';
import type { EnvironmentModel, Model, OutputModel, SystemModel, UnitModel, VariableModel } from '../model/model';
import type { Environment } from './environment';
import { snakeCase } from './names';
import type { System } from './system';
import type { Unit } from './unit';

/** The built units of some systems as data. `units` must hold every dependency of its members, so that waves are whole. */
export function modelOf(
  systems: readonly System[],
  units: readonly Unit[],
  source: { readonly commit: string | null; readonly dirty: boolean },
): Model {
  const plain = units.map((unit) => unitModel(unit)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const waves = wavesOf(plain);
  return {
    version: 1,
    ...source,
    systems: systems.map(systemModel).sort((a, b) => (a.name < b.name ? -1 : 1)),
    units: plain.map((unit) => ({ ...unit, wave: waves.get(unit.path) ?? 0 })),
    tags: Object.fromEntries(units.map((unit) => [unit.path, unit.tags])),
  };
}

function systemModel(system: System): SystemModel {
  return {
    name: system.name,
    project: system.values.project,
    lock: system.lock,
    liveTree: system.liveTree,
    keyPrefix: system.keyPrefix,
    ...(system.isBackendElsewhere ? { backendElsewhere: true } : {}),
    environments: system.environments.map(environmentModel).sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function environmentModel(environment: Environment): EnvironmentModel {
  return {
    name: environment.name,
    stateAccount: environment.stateAccountId,
    credentials: environment.credentials,
    ...(environment.values.planned === true ? { planned: true } : {}),
  };
}

function unitModel(unit: Unit): UnitModel {
  const [layer = '', name = ''] = unit.id.split('/');
  const { awsRegion } = unit.region.values;
  return {
    path: unit.path,
    system: unit.region.environment.system.name,
    environment: unit.region.environment.name,
    region: unit.region.name,
    layer,
    name,
    stackId: unit.node.id,
    wave: 0,
    dependencies: unit.dependencyModels,
    outputs: outputModels(unit),
    variables: variableModels(unit),
    backend: unit.backendModel,
    ...(awsRegion === undefined ? {} : { awsRegion }),
    bootstrap: unit.bootstrap,
    appliedByBootstrap: unit.appliedByBootstrap,
    ...(unit.movedFrom === undefined ? {} : { movedFrom: unit.movedFrom }),
    ...(unit.region.environment.values.planned === true ? { planned: true } : {}),
    ...(unit.shared ? { shared: true } : {}),
  };
}

function outputModels(unit: Unit): readonly OutputModel[] {
  return Object.entries(unit.declaredOutputs)
    .map(([name, { type, sensitive, mock }]) => ({
      name: snakeCase(name),
      type,
      sensitive,
      mock: type === 'any' && typeof mock === 'object' && mock !== null && 'json' in mock ? mock.json : mock,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function variableModels(unit: Unit): readonly VariableModel[] {
  return unit.node
    .findAll()
    .filter((construct) => construct instanceof TerraformVariable)
    .map((variable) => ({
      name: variable.friendlyUniqueId,
      type: variable.type ?? 'string',
      sensitive: variable.sensitive ?? false,
      required: variable.default === undefined && !hasDefault(variable),
      description: variable.description ?? '',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function hasDefault(variable: TerraformVariable): boolean {
  const [block] = Object.values<unknown>(variable.toTerraform()['variable']);
  return typeof block === 'object' && block !== null && Reflect.get(block, 'default') !== undefined;
}
