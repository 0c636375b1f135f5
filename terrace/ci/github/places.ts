import { cloudSettings } from '../sign-in';
import type { EnvironmentDelivery } from '../delivery';
import { ansibleSecrets, keys } from '../pipelines/shared';

/** What a deployment environment has to be like. */
export interface WantedPlace {
  readonly place: string;
  /** Persons open it, none of them who started the run. */
  readonly reviewed: boolean;
  /** Only commits of the protected branch may use it. */
  readonly bound: boolean;
  readonly secrets: readonly string[];
  /** Secrets that must not be there, because any branch may use the place. @default none */
  readonly never?: readonly string[];
  /** Names of plain variables. */
  readonly settings: readonly string[];
}

/** The deployment environments of one environment, with what each of them holds. */
export function wantedPlaces(environment: EnvironmentDelivery): readonly WantedPlace[] {
  const { places, approvals, tokens, variables, writing, clouds, stages, ansible } = environment;
  const stored = (sensitive: boolean): readonly string[] =>
    variables.filter((one) => one.required && one.sensitive === sensitive).map(({ name }) => `TF_VAR_${name.toUpperCase()}`);
  const taken = stages.flatMap((stage) => ('run' in stage ? Object.values(stage.takes ?? {}) : []));
  const written = new Set(writing.map((name) => `TF_VAR_${name.toUpperCase()}`));
  const reachesServers = ansible !== undefined || stages.some((stage) => 'run' in stage && stage.tool === 'ansible');
  const settings = [...clouds.flatMap((cloud) => cloudSettings[cloud]), ...stored(false)];
  const gates = Array.from({ length: approvals + 1 }, (_, index) => `${places.review}${index === 0 ? '' : `-${index + 1}`}`);
  return [
    {
      place: places.plan,
      reviewed: false,
      bound: false,
      secrets: unique(tokens, stored(true)).filter((name) => !written.has(name)),
      never: [...written],
      settings: unique(settings),
    },
    ...(writing.length === 0
      ? []
      : [{ place: places.planProtected, reviewed: false, bound: true, secrets: unique(tokens, stored(true)), settings: unique(settings) }]),
    ...gates.map((place) => ({ place, reviewed: true, bound: true, secrets: [], settings: [] })),
    {
      place: places.apply,
      reviewed: false,
      bound: true,
      secrets: unique(
        keys,
        tokens,
        stored(true),
        taken.flatMap((one) => ('secret' in one ? [one.secret] : [])),
        reachesServers ? ['ANSIBLE_SSH_IDENTITY'] : [],
        ansible === undefined ? [] : ansibleSecrets,
      ),
      settings: unique(
        settings,
        taken.flatMap((one) => ('setting' in one ? [one.setting] : [])),
        reachesServers ? ['SSH_KNOWN_HOSTS'] : [],
      ),
    },
    { place: places.destroy, reviewed: true, bound: true, secrets: [], settings: [] },
  ];
}

const unique = (...lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())];
