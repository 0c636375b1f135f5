import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { base64Cores, formsOf } from '../../../terrace/delivery/masking/forms';
import type { Rehearsal } from '../../../terrace/rehearse/rehearsal';
import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';
import { full } from '../../_helpers/where-available';

/** One change of a system's production that destroys something. */
interface Case {
  readonly system: string;
  readonly selector: string;
  readonly account: string;
  readonly unit: string;
  readonly type: string;
  /** What of the first resource of the type becomes what; the resource goes where there is none. */
  readonly change?: readonly [attribute: string, value: unknown];
}

const cases: readonly Case[] = [
  {
    system: 'olechka',
    selector: 'olechka/production',
    account: '025066254478',
    unit: 'olechka/production/eu-central-1/network/alb',
    type: 'aws_lb_target_group',
    change: ['port', 9999],
  },
  {
    system: 'tux',
    selector: 'tux/production',
    account: '',
    unit: 'tux/production/eu-central/network/load-balancer',
    type: 'hcloud_load_balancer_target',
  },
  {
    system: 'astraler',
    selector: 'astraler/production',
    account: '',
    unit: 'astraler/production/global/backup/files',
    type: 'cloudflare_queue_consumer',
  },
  {
    system: 'pro-mata',
    selector: 'pro-mata/prod',
    account: '',
    unit: 'pro-mata/prod/us-east-1/network/alb',
    type: 'aws_lb_listener_rule',
  },
  {
    system: 'astra',
    selector: 'astra/production',
    account: '',
    unit: 'astra/production/europe-west1/edge/ingress',
    type: 'kubernetes_ingress_v1',
  },
];

const chosen = full ? cases : [];
let project: ScratchProject | undefined;
afterAll(async () => {
  await project?.terrace(['sandbox', 'end', '--all']);
  await project?.terrace(['sandbox', 'stop']);
  await project?.dispose();
});

/** A shell without a sandbox, a credential or a value of a variable. */
const outside = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:AWS_|TF_|TERRACE_|HTTPS?_PROXY)/i.test(name)));

async function rehearse(root: ScratchProject, shape: string, tree: string): Promise<{ readonly code: number; readonly report: Rehearsal }> {
  const outcome = await root.terrace(
    ['rehearse', '--shape', shape, '--tree', tree, '--include-planned', '--json', '--out', `${tree}-out`],
    outside(),
  );
  if (!outcome.stdout.startsWith('{')) throw new Error(outcome.output);
  const report: Rehearsal = JSON.parse(outcome.stdout);
  return { code: outcome.code, report };
}

/** Texts that the states of a system mark as sensitive and that are long enough to be looked for. */
function markedTexts(states: readonly string[]): readonly string[] {
  const texts = new Set<string>();
  for (const state of states) {
    const {
      resources,
    }: { resources: { instances: { attributes: Record<string, unknown>; sensitive_attributes?: { value: string }[][] }[] }[] } =
      JSON.parse(state);
    for (const { attributes, sensitive_attributes = [] } of resources.flatMap(({ instances }) => instances))
      for (const [first] of sensitive_attributes) {
        const value = first === undefined ? undefined : attributes[first.value];
        if (typeof value === 'string' && value.length >= 16 && !value.includes('/')) texts.add(value);
      }
  }
  return [...texts];
}

test('every system has a case', () => {
  expect(cases.map(({ system }) => system).toSorted()).toEqual(['astra', 'astraler', 'olechka', 'pro-mata', 'tux']);
});

for (const one of chosen)
  test(`production of ${one.system} is shaped without a secret, seeded without a change, and a destructive change to it rehearsed`, async () => {
    project ??= scratchProject();
    const { root } = project;
    succeeded(await project.terrace(['start', one.selector, '--include-planned']));
    const account = project.model().systems.find(({ name }) => name === one.system)?.environments[0]?.stateAccount ?? one.account;
    const env = await project.sandbox(account);
    const shape = path.join(root, `${one.system}.shape.json`);
    const live = path.join(root, 'live');
    succeeded(await project.terrace(['state', 'shape', one.selector, '--include-planned', '--tree', live, '--out', shape], env));
    const text = readFileSync(shape, 'utf8');
    const units = project.model().units.filter(({ path: unit }) => unit.startsWith(`${one.selector}/`));
    const states: string[] = [];
    for (const { path: unit } of units.filter(({ bootstrap }) => !bootstrap)) {
      const pulled = await project.terrace(['state', 'pull', unit, '--tree', live], env);
      if (pulled.code === 0) states.push(pulled.stdout);
    }
    const given = units.flatMap(({ variables }) =>
      variables.filter(({ sensitive }) => sensitive).flatMap(({ name }) => env[`TF_VAR_${name}`] ?? []),
    );
    const canaries = [...new Set([...given.filter((value) => value.length >= 12 && !/[/{]/.test(value)), ...markedTexts(states)])];
    const found = canaries.filter((canary) => [...formsOf(canary), ...base64Cores(canary)].some((form) => text.includes(form)));
    expect(found).toEqual([]);

    const still = path.join(root, `${one.system}-still`);
    cpSync(live, still, { recursive: true });
    const unchanged = await rehearse(project, shape, still);
    expect(unchanged.report.problems).toEqual([]);
    expect(unchanged.report.seeded.unseeded).toEqual([]);
    expect([unchanged.report.affected, unchanged.report.forth.last?.changed, unchanged.code]).toEqual([[], [], 0]);
    if (one.system === 'olechka' || one.system === 'tux') expect(unchanged.report.seeded.derived).toEqual([]);

    const tree = path.join(root, `${one.system}-changed`);
    cpSync(live, tree, { recursive: true });
    const file = path.join(tree, one.unit, 'main.tf.json');
    const json: { resource: Record<string, Record<string, Record<string, unknown>>> } = JSON.parse(readFileSync(file, 'utf8'));
    const [name = ''] = Object.keys(json.resource[one.type] ?? {});
    const block = json.resource[one.type]?.[name] ?? {};
    if (one.change === undefined) delete json.resource[one.type]?.[name];
    else block[one.change[0]] = one.change[1];
    writeFileSync(file, JSON.stringify(json));
    const { code, report } = await rehearse(project, shape, tree);
    expect(report.problems).toEqual([]);
    expect(code).toBe(2);
    const down = report.forth.rounds.flatMap((round) => round.down.map(({ address, action }) => [address, action]));
    expect(down).toContainEqual([`${one.type}.${name}`, one.change === undefined ? 'delete' : 'replace']);
    expect(report.forth.last?.changed).toEqual([]);
  }, 1_800_000);
