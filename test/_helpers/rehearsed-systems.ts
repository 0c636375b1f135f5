import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Rehearsal } from '../../terrace/rehearse/rehearsal';
import { unfitting } from './published-schema';
import type { ScratchProject } from './scratch-project';

/** A system's production, or what stands nearest to it, and a change that destroys something of it. */
export interface RehearsedSystem {
  readonly system: string;
  readonly selector: string;
  /** The part of it that a change is rehearsed in. @default all of it */
  readonly rehearsed?: string;
  /** Unit that the change is of. */
  readonly unit: string;
  readonly type: string;
  /** What of the first resource of the type becomes what; the resource goes where there is none. */
  readonly change?: readonly [attribute: string, value: unknown];
}

/** astra's production is not built yet: it is rehearsed with the environments that lead there. */
export const rehearsedSystems: readonly RehearsedSystem[] = [
  {
    system: 'astra',
    selector: 'astra',
    rehearsed: 'astra/production',
    unit: 'astra/production/europe-west1/edge/ingress',
    type: 'kubernetes_ingress_v1',
  },
  {
    system: 'astraler',
    selector: 'astraler/production',
    unit: 'astraler/production/global/backup/files',
    type: 'cloudflare_queue_consumer',
  },
  {
    system: 'olechka',
    selector: 'olechka/production',
    unit: 'olechka/production/eu-central-1/network/alb',
    type: 'aws_lb_target_group',
    change: ['port', 9999],
  },
  { system: 'pro-mata', selector: 'pro-mata/prod', unit: 'pro-mata/prod/us-east-1/network/alb', type: 'aws_lb_listener_rule' },
  {
    system: 'tux',
    selector: 'tux/production',
    unit: 'tux/production/eu-central/network/load-balancer',
    type: 'hcloud_load_balancer_target',
  },
];

/** Systems in whose production nothing is made one-way of a secret. */
export const withoutDerived: readonly string[] = ['olechka', 'tux'];

/** Makes the change in a synthesized tree; gives the address of what it destroys. */
export function destroySomething(tree: string, { unit, type, change }: RehearsedSystem): string {
  const file = path.join(tree, unit, 'main.tf.json');
  const json: { resource: Record<string, Record<string, Record<string, unknown>>> } = JSON.parse(readFileSync(file, 'utf8'));
  const named = json.resource[type] ?? {};
  const [name] = Object.keys(named);
  const block = name === undefined ? undefined : named[name];
  if (name === undefined || block === undefined) throw new Error(`${unit} has no ${type}`);
  if (change === undefined) delete named[name];
  else block[change[0]] = change[1];
  if (Object.keys(named).length === 0) delete json.resource[type];
  writeFileSync(file, JSON.stringify(json));
  return `${type}.${name}`;
}

/** A shell without a sandbox, a credential or a value of a variable. */
export function outside(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:AWS_|TF_|TERRACE_|HTTPS?_PROXY)/i.test(name)));
}

export interface Rehearsed {
  readonly code: number;
  readonly report: Rehearsal;
}

/** Rehearses with a tree that was synthesized before. Throws where the report does not fit its schema. */
export async function rehearseTree(
  project: Pick<ScratchProject, 'terrace'>,
  shape: string,
  tree: string,
  ...more: readonly string[]
): Promise<Rehearsed> {
  const args = ['rehearse', ...more, '--shape', shape, '--tree', tree, '--include-planned', '--json', '--out', `${tree}-out`];
  const outcome = await project.terrace(args, outside());
  if (!outcome.stdout.startsWith('{')) throw new Error(outcome.output);
  const report: Rehearsal = JSON.parse(outcome.stdout);
  const problems = await unfitting('rehearsal.v1.json', report);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { code: outcome.code, report };
}

/** Addresses that are down in between or for good. */
export function downOf({ forth }: Rehearsal): readonly string[] {
  return forth.rounds.flatMap(({ down }) => down.map(({ unit, address, action }) => `${action} ${address} in ${unit}`));
}
