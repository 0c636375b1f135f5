import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { projectRoot } from './project-root';
import { startSandbox, type Sandbox } from '../terrace/sandbox/control';
import { readRecord } from '../terrace/sandbox/daemon/daemon-record';
import { Catalogue } from '../terrace/sandbox/providers/schema/catalogue';
import { isInstalled, packageOfType, providerPackages } from '../terrace/terraform/provider-packages';
import { findTerraform } from '../terrace/terraform/binary';
import { median, type Figure, type Suite } from './figures';
import { measureProcess } from './processes';

const units = 100;
const atOnce = 2;

/** The simulated providers: start, plan and apply of one unit and of a hundred, memory with all providers in use, reset. */
export const suite: Suite = {
  name: 'providers',
  run: async () => {
    const derivation = deriveAws();
    const root = mkdtempSync(path.join(tmpdir(), 'terrace-bench-'));
    const dir = path.join(root, 'sandbox');
    await (await startSandbox({ dir, project: projectRoot })).stop();
    const [sandbox, start] = await timed(() => startSandbox({ dir, project: projectRoot }));
    try {
      const terraform = (await findTerraform()).path;
      const run = (folder: string, ...args: readonly string[]): Promise<number> =>
        measureProcess(terraform, args, { cwd: folder, env: environmentOf(sandbox) }).then(({ seconds }) => seconds);
      await loadEveryProvider(root, run);
      const folders = Array.from({ length: units }, (_, index) => unitFolder(root, index));
      const [first = root] = folders;
      const single: number[] = [];
      for (let repeat = 0; repeat < 5; repeat += 1) single.push(await run(first, 'plan', '-input=false'));
      const daemon = readRecord(dir)?.pid ?? 0;
      const before = workSeconds(daemon);
      const [, planned] = await timed(() => inTurns(folders, (folder) => run(folder, 'plan', '-input=false', '-out=tfplan')));
      const between = workSeconds(daemon);
      const [, applied] = await timed(() => inTurns(folders, (folder) => run(folder, 'apply', 'tfplan')));
      const after = workSeconds(daemon);
      const megabytes = residentMegabytes(daemon);
      const [, reset] = await timed(() => sandbox.reset());
      return [
        { name: 'first derivation of every aws schema, CPU', value: derivation, unit: 's', limit: 6 },
        { name: 'start of the daemon', value: start, unit: 's', limit: 0.3 },
        { name: 'plan of one unit', value: median(single), unit: 's', limit: 0.5 },
        { name: `plan of ${units} units, ${atOnce} at once`, value: planned, unit: 's', limit: 5 },
        { name: '… CPU of terraform and daemon, a core', value: (between - before) / atOnce, unit: 's' },
        { name: `apply of ${units} units, ${atOnce} at once`, value: applied, unit: 's', limit: 6 },
        { name: '… CPU of terraform and daemon, a core', value: (after - between) / atOnce, unit: 's' },
        { name: 'memory of the daemon with every provider in use', value: megabytes, unit: 'MB', limit: 250 },
        { name: 'reset by the running daemon', value: reset, unit: 's', limit: 0.2 },
      ] satisfies readonly Figure[];
    } finally {
      await sandbox.stop();
      rmSync(root, { recursive: true, force: true });
    }
  },
};

/** CPU time in seconds of deriving all types and data sources of aws from the bindings, as at the first start; nothing is kept from before. */
function deriveAws(): number {
  const before = process.cpuUsage();
  new Catalogue(projectRoot, packageOfType('aws_vpc')).all();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const started = performance.now();
  const result = await work();
  return [result, (performance.now() - started) / 1000];
}

/** Terraform asks every provider for all of its types; derives them where that was not done before. */
async function loadEveryProvider(root: string, run: (folder: string, ...args: readonly string[]) => Promise<number>): Promise<void> {
  const folder = path.join(root, 'every-provider');
  const installed = providerPackages.filter((one) => isInstalled(projectRoot, one));
  const required = Object.fromEntries(installed.map((one) => [one.name, { source: one.source }]));
  write(folder, { terraform: { required_providers: required } });
  await run(folder, 'providers', 'schema', '-json');
}

function unitFolder(root: string, index: number): string {
  const folder = path.join(root, 'units', String(index));
  const block = `10.${index}.0.0/16`;
  write(folder, {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
    provider: { aws: { region: 'eu-central-1', default_tags: [{ tags: { Unit: String(index) } }] } },
    resource: {
      aws_vpc: { main: { cidr_block: block } },
      aws_subnet: { one: { count: 3, vpc_id: '${aws_vpc.main.id}', cidr_block: `10.${index}.\${count.index}.0/24` } },
      aws_security_group: { one: { name: 'one', vpc_id: '${aws_vpc.main.id}' } },
      aws_cloudwatch_log_group: { one: { name: `/unit/${index}`, retention_in_days: 30 } },
    },
  });
  return folder;
}

function write(folder: string, configuration: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'main.tf.json'), JSON.stringify(configuration));
}

async function inTurns(folders: readonly string[], work: (folder: string) => Promise<unknown>): Promise<void> {
  const left = [...folders];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function environmentOf(sandbox: Sandbox): NodeJS.ProcessEnv {
  const over = sandbox.environment();
  return Object.fromEntries(Object.entries({ ...process.env, ...over }).filter(([name]) => over[name] !== ''));
}

/** CPU time of every program that has ended here and of the daemon, in seconds: what other work on the computer does not stretch. */
function workSeconds(daemon: number): number {
  const ticks = (file: string, fields: readonly number[]): number => {
    try {
      const values = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return fields.reduce((sum, field) => sum + Number(values[field]), 0);
    } catch {
      return 0;
    }
  };
  return (ticks('/proc/self/stat', [13, 14]) + ticks(`/proc/${daemon}/stat`, [11, 12])) / 100;
}

function residentMegabytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
