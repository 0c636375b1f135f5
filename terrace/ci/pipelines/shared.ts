import type { CiCloud } from '../../tree/ci-values';
import type { SystemDelivery } from '../delivery';
import { input, output, run, secret, setting, type Artefact, type Condition, type Right, type Value } from '../../tree/ci-pipeline';
import { cloudSettings, signIn } from '../sign-in';

/** Secrets of a deployment environment from which something is applied, beside its providers' tokens. */
export const keys = ['TERRACE_SIGNING_KEY', 'TERRACE_AGE_IDENTITY'] as const;
export const slackSecret = 'SLACK_WEBHOOK';
/** Secrets that Ansible needs, where an environment has servers to configure. */
export const ansibleSecrets = ['ANSIBLE_SSH_IDENTITY', 'ANSIBLE_VAULT', 'ANSIBLE_VAULT_PASSWORD'] as const;

/** The environments of a system that one pipeline deploys. */
export interface SystemPart extends SystemDelivery {
  /** Its file, without an ending. */
  readonly file: string;
  readonly title: string;
}

/** Where a pipeline acts: a copy of the repository under another name has neither the places nor the roles. */
export function acts({ repository, enabledBy }: SystemDelivery): Condition {
  const here: Condition = { is: run('repository'), equal: repository.name };
  return enabledBy === undefined ? here : { all: [here, { is: setting(enabledBy), equal: 'true' }] };
}

/** The synthesized tree of a run. */
export const treeOf = ({ system }: Pick<SystemDelivery, 'system'>): Artefact => ({ name: [`tree-${system}`] });

export const changed: Condition = { is: output('plan', 'changes'), equal: 'true' };

/** What a round is asked to do. */
export type Operation = 'apply' | 'destroy' | 'drift' | 'unlock' | 'outputs' | 'services';

export const operation = (...wanted: readonly Operation[]): Condition => ({
  any: wanted.map((one): Condition => ({ is: input('operation'), equal: one })),
});

/** What the table of the protected branch says about the target. */
export const place = (name: string): Value => output('place', name);

/** Where a plan is made: whoever is not the protected branch gets no secret that writes. */
export const planPlace: Value = { from: 'either', when: 'protected', value: place('plan_protected'), other: place('plan') };

/** What a round may do; whoever calls one has to have all of it, whatever it is asked for. */
export const roundRights: readonly Right[] = ['source', 'identity', 'runs', 'proposals'];

/** What `assume` takes. */
export const planIdentity = { RUN_ID: run('id'), ROLE: place('plan_role'), REGION: place('region') } as const;
export const applyIdentity = { RUN_ID: run('id'), ROLE: place('apply_role'), REGION: place('region') } as const;

/** Names of a part's artefacts are unique within a run: the environment and the round stand in them. */
export function artefact(name: string, ...parts: readonly Value[]): Artefact {
  return { name: [name, ...parts.flatMap((part) => ['-', part])] };
}

/** What steps that run terraform get of their deployment environment, and how they sign in to clouds beside AWS. */
export interface Shell {
  readonly values: Readonly<Record<string, Value>>;
  readonly signIn: readonly string[];
}

export function shellOf(systems: readonly SystemDelivery[]): Shell {
  return { values: shellValues(systems), signIn: signIn(cloudsOf(systems)) };
}

const cloudsOf = (systems: readonly SystemDelivery[]): readonly CiCloud[] =>
  [...new Set(systems.flatMap(({ environments }) => environments.flatMap(({ clouds }) => clouds)))].toSorted();

/** Every variable that terraform or a provider takes from the shell, over all systems: secrets where they are sensitive, else settings. */
function shellValues(systems: readonly SystemDelivery[]): Readonly<Record<string, Value>> {
  const environments = systems.flatMap((system) => system.environments);
  return Object.fromEntries(
    [
      ...environments.flatMap(({ tokens }) => tokens.map((name) => [name, secret(name)] as const)),
      ...cloudsOf(systems).flatMap((cloud) => cloudSettings[cloud].map((name) => [name, setting(name)] as const)),
      ...environments.flatMap(({ variables }) =>
        variables.map(({ name, sensitive }) => {
          const stored = `TF_VAR_${name.toUpperCase()}`;
          return [`TF_VAR_${name}`, sensitive ? secret(stored) : setting(stored)] as const;
        }),
      ),
    ].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Names of every secret that a round takes; a caller passes them on by name. */
export function roundSecrets(systems: readonly SystemDelivery[]): readonly string[] {
  const shell = Object.values(shellValues(systems)).flatMap((value) => (value.from === 'secret' ? [value.name] : []));
  const ansible = systems.some((system) => system.environments.some((one) => one.ansible !== undefined)) ? ansibleSecrets : [];
  return [...new Set([...keys, slackSecret, ...shell, ...ansible])].toSorted();
}
