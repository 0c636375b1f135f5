import { TerraceError, type Problem } from '../base/errors';
import type { Model, UnitModel, VariableModel } from '../model/model';
import type { Pipeline } from '../tree/ci-pipeline';
import type { CiCheck, CiCloud, CiEnvironmentValues, CiStage, CiValues, SourceRepository } from '../tree/ci-values';
import { acceptedPlace } from '../state/accepted-place';

import { stageProblems, statesOf, type AppliedState } from './stages';

/** What a system's pipeline has to know, from its tree and its root: the same for every engine. */
export interface SystemDelivery {
  readonly system: string;
  readonly repository: SourceRepository;
  readonly branch: string;
  readonly checks: readonly CiCheck[];
  readonly titles: NonNullable<CiValues['titles']>;
  /** Pipelines beside that of its infrastructure. */
  readonly others: readonly Pipeline[];
  /** Cron, UTC. */
  readonly drift: string;
  /** Variable of the repository without which its pipelines do nothing. */
  readonly enabledBy?: string;
  /** Environments that the source describes and that are not built yet: their pipelines do nothing. */
  readonly planned: readonly PlannedDelivery[];
  /** In the order in which they are deployed. */
  readonly environments: readonly EnvironmentDelivery[];
}

export interface PlannedDelivery {
  readonly name: string;
  readonly title: string;
  readonly file: string;
  readonly after?: string;
}

export interface EnvironmentDelivery {
  readonly name: string;
  /** File of its pipeline, without an ending. */
  readonly file: string;
  /** `<system>/<environment>`. */
  readonly path: string;
  readonly title: string;
  /** How many bundles may have to follow each other: the depth of its graph; where runners share them, its waves and what is gone. */
  readonly rounds: number;
  /** Runners that share the plan of one round; where they are more than one, a round is one wave. */
  readonly runners: number;
  /** Waves of its units, in order. */
  readonly waves: readonly number[];
  /** Persons who have to say yes. */
  readonly approvals: number;
  readonly after?: string;
  readonly trial?: string;
  readonly roles: { readonly plan: string; readonly apply: string };
  /** Names of its deployment environments. */
  readonly places: {
    readonly plan: string;
    /** Where commits of the protected branch are planned: another one where secrets exist that only write. */
    readonly planProtected: string;
    readonly review: string;
    readonly apply: string;
    readonly destroy: string;
  };
  /** Where the commit stands that was applied last. */
  readonly accepted: { readonly bucket: string; readonly key: string; readonly region: string };
  /** Variables of the shell with tokens of providers. */
  readonly tokens: readonly string[];
  /** Variables that no branch gets: their secrets write. */
  readonly writing: readonly string[];
  readonly clouds: readonly CiCloud[];
  readonly stages: readonly CiStage[];
  /** States from which its stages take outputs. */
  readonly states: readonly AppliedState[];
  /** terraform's variables that have no value in the source. Sorted by name. */
  readonly variables: readonly VariableModel[];
  readonly address?: string;
  readonly ansible?: NonNullable<CiEnvironmentValues['ansible']>;
  /** Names of what it deploys, in the order in which it is destroyed. */
  readonly units: readonly string[];
}

/** Units that one runner plans or validates in about ten minutes. */
const unitsOfRunner = 60;
/** The most entries that a job may be run for, at the engine with the tightest limit. */
export const mostEntries = 256;

/** Among how many runners so many units are shared out. */
export function runnersFor(units: number): number {
  return Math.max(1, Math.min(Math.ceil(units / unitsOfRunner), mostEntries));
}

/** The most gates that may follow each other. A rule that asks for more persons cannot be carried. */
export const mostGates = 4;

/**
 * What the tree and the root say. Raises E0501 where the settings name what the tree does not have, more than gates can carry, or nobody who
 * lets a `guarded` environment be applied. `model` holds the units of the system.
 */
export function deliveryOf(
  system: string,
  values: CiValues,
  model: Model,
  keyTemplate: string,
  guarded: readonly string[] = [],
): SystemDelivery {
  const problems: Problem[] = [];
  const names = Object.keys(values.environments);
  const described = model.systems.find((one) => one.name === system)?.environments ?? [];
  const isPlanned = (name: string): boolean => described.some((one) => one.name === name && one.planned === true);
  const environments = names
    .filter((name) => !isPlanned(name))
    .map((name) => {
      const settings = values.environments[name];
      const units = model.units.filter((unit) => unit.system === system && unit.environment === name);
      if (!described.some((one) => one.name === name))
        problems.push(wrong(system, `ci.environments names ${name}, which the tree does not have`, 'name an environment of the tree'));
      if (settings === undefined) throw new Error(`no settings of ${name}`);
      if (settings.after !== undefined && names.indexOf(settings.after) >= names.indexOf(name))
        problems.push(
          wrong(
            system,
            `${name} comes after ${settings.after}, which is not listed before it`,
            'list the environments in the order in which they are deployed',
          ),
        );
      // One gate more is there for what asks for one person more: a change of what judges, a finding.
      if (!Number.isInteger(settings.approvals) || settings.approvals < 0 || settings.approvals + 1 > mostGates)
        problems.push(
          wrong(
            system,
            `${name} asks for ${settings.approvals} approvals`,
            `ask for 0 to ${mostGates - 1}: one more gate is kept for changes that need another approver`,
          ),
        );
      if (settings.approvals === 0 && guarded.includes(name))
        problems.push(wrong(system, `${name} is protected, but would be applied without an approval`, 'ask for at least one approval'));
      if (settings.runners !== undefined && (!Number.isInteger(settings.runners) || settings.runners < 1 || settings.runners > mostEntries))
        problems.push(
          wrong(system, `${name} is planned by ${settings.runners} runners`, `give 1 to ${mostEntries}: a matrix holds no more`),
        );
      const environment = environmentOf(system, name, settings, units, values.prefix ?? '', keyTemplate);
      if (settings.after !== undefined && (values.environments[settings.after]?.file ?? system) !== environment.file)
        problems.push(
          wrong(system, `${name} comes after ${settings.after}, which is deployed by another pipeline file`, 'give both the same file'),
        );
      const secrets = new Set(environment.variables.flatMap((one) => (one.sensitive ? [one.name] : [])));
      problems.push(
        ...environment.writing
          .filter((one) => !secrets.has(one))
          .map((one) =>
            wrong(system, `writing names ${one}, which is not a sensitive variable of ${name}`, 'name a sensitive variable of its units'),
          ),
      );
      problems.push(...stageProblems(environment).map(({ found, todo }) => wrong(system, found, todo)));
      return environment;
    });
  if (problems.length > 0) throw new TerraceError(problems);
  return {
    system,
    repository: values.repository,
    branch: values.branch ?? 'main',
    checks: values.checks ?? ['format', 'validate', 'security'],
    titles: values.titles ?? {},
    others: values.others ?? [],
    drift: values.drift ?? '0 2 * * *',
    ...(values.enabledBy === undefined ? {} : { enabledBy: values.enabledBy }),
    planned: names.filter(isPlanned).map((name) => plannedOf(system, name, values.environments[name])),
    environments,
  };
}

function plannedOf(system: string, name: string, settings: CiEnvironmentValues | undefined): PlannedDelivery {
  return {
    name,
    title: settings?.title ?? name,
    file: settings?.file ?? system,
    ...(settings?.after === undefined ? {} : { after: settings.after }),
  };
}

function environmentOf(
  system: string,
  name: string,
  settings: CiEnvironmentValues,
  all: readonly UnitModel[],
  prefix: string,
  keyTemplate: string,
): EnvironmentDelivery {
  const units = all.filter((unit) => !unit.bootstrap);
  const place = `${prefix}${name}`;
  const writing = settings.writing ?? [];
  const runners = settings.runners ?? runnersFor(units.length);
  const waves = [...new Set(units.map(({ wave }) => wave))].toSorted((a, b) => a - b);
  return {
    name,
    file: settings.file ?? system,
    path: `${system}/${name}`,
    title: settings.title ?? name,
    rounds: runners === 1 ? depthOf(units) : waves.length + 1,
    runners,
    waves,
    approvals: settings.approvals,
    ...(settings.after === undefined ? {} : { after: settings.after }),
    ...(settings.trial === undefined ? {} : { trial: settings.trial }),
    roles: settings.roles,
    places: {
      plan: `${place}-plan`,
      planProtected: writing.length === 0 ? `${place}-plan` : `${place}-plan-protected`,
      review: `${place}-review`,
      apply: place,
      destroy: `${place}-destroy`,
    },
    writing,
    accepted: acceptedPlace(name, keyTemplate, all),
    tokens: settings.tokens ?? [],
    clouds: settings.clouds ?? [],
    stages: settings.stages ?? [],
    states: statesOf(settings.stages ?? [], `${system}/${name}`, units),
    variables: variablesOf(units),
    ...(settings.address === undefined ? {} : { address: settings.address }),
    ...(settings.ansible === undefined ? {} : { ansible: settings.ansible }),
    units: units.toSorted((a, b) => b.wave - a.wave || (a.path < b.path ? -1 : 1)).map((unit) => unit.path),
  };
}

/** Waves within one environment: units of others are applied by their own pipeline. */
function depthOf(units: readonly UnitModel[]): number {
  const byPath = new Map(units.map((unit) => [unit.path, unit]));
  const depths = new Map<string, number>();
  const depth = (path: string): number => {
    const known = depths.get(path);
    if (known !== undefined) return known;
    const own =
      1 + Math.max(0, ...(byPath.get(path)?.dependencies ?? []).filter(({ unit }) => byPath.has(unit)).map(({ unit }) => depth(unit)));
    depths.set(path, own);
    return own;
  };
  return Math.max(1, ...units.map((unit) => depth(unit.path)));
}

function variablesOf(units: readonly UnitModel[]): readonly VariableModel[] {
  const byName = new Map(units.flatMap((unit) => unit.variables.map((variable) => [variable.name, variable] as const)));
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function wrong(system: string, found: string, todo: string): Problem {
  return { code: 'E0501', title: 'pipeline cannot be made', place: `stacks/${system}/root.ts`, found, todo };
}
