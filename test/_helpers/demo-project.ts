import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { DataResource } from 'cdktf';

import type { TreeApp } from '../../terrace/tree/app';
import { Environment } from '../../terrace/tree/environment';
import { declareOutputs, list, text } from '../../terrace/tree/outputs';
import type { BuiltTree, Project } from '../../terrace/tree/project';
import { buildTree } from '../../terrace/tree/project';
import { Region, type UnitTable } from '../../terrace/tree/region';
import { System } from '../../terrace/tree/system';
import { Unit } from '../../terrace/tree/unit';
import type { AccountValues, RegionValues, RootValues } from '../../terrace/tree/values';

const networkOutputs = declareOutputs({ vpcId: text('vpc-0123'), subnetIds: list(['subnet-0123']) });

/** Gives a string and a list. */
export class NetworkUnit extends Unit<typeof networkOutputs> {
  constructor(region: Region, id: string) {
    super(region, id, networkOutputs);
    const vpc = new DataResource(this, 'vpc', { input: { cidr: region.values.networks?.[0]?.cidr ?? 'none' } });
    this.outputs({ vpcId: vpc.id, subnetIds: [vpc.id] });
  }
}

const secretOutputs = declareOutputs({ password: text('not-a-secret', { sensitive: true }) });

/** Gives a sensitive string. */
export class SecretUnit extends Unit<typeof secretOutputs> {
  constructor(region: Region, id: string) {
    super(region, id, secretOutputs);
    this.outputs({ password: this.variable('password', { description: 'Set by hand', sensitive: true }).stringValue });
  }
}

/** Takes from both. */
export class ServiceUnit extends Unit {
  constructor(region: Region, id: string) {
    super(region, id, {});
    const network = this.dependency(region.unit(NetworkUnit));
    const secret = this.dependency(region.unit(SecretUnit));
    new DataResource(this, 'service', { input: { vpc: network.vpcId, subnets: network.subnetIds, password: secret.password } });
  }
}

export const demoUnits: UnitTable = { 'network/vpc': NetworkUnit, 'security/secret': SecretUnit, 'compute/service': ServiceUnit };

export interface DemoOptions {
  readonly root?: Partial<RootValues>;
  readonly account?: Partial<AccountValues>;
  readonly regions?: readonly (RegionValues & { readonly units?: UnitTable })[];
  readonly environments?: readonly string[];
  readonly change?: (system: System) => void;
}

/** A system `demo` with one environment `dev` and one region, unless told otherwise. */
export function demoSystem(app: TreeApp, options: DemoOptions = {}): System {
  const system = new System(app, { system: 'demo', project: 'demo', ...options.root });
  for (const name of options.environments ?? ['dev']) {
    const environment = new Environment(system, { environment: name, account: { id: '123456789012', name, ...options.account } });
    for (const { units, ...values } of options.regions ?? [{ region: 'eu-central-1', awsRegion: 'eu-central-1' }])
      new Region(environment, values, units ?? demoUnits);
  }
  options.change?.(system);
  return system;
}

export function demoProject(options: DemoOptions = {}): Project {
  return { systems: { demo: async () => (app) => demoSystem(app, options) } };
}

/** Runs with an empty folder that is removed afterwards. */
export async function inTemporaryFolder<T>(run: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'terrace-test-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function build(project: Project, ...selectors: readonly string[]): Promise<BuiltTree> {
  return inTemporaryFolder((scratch) => buildTree(project, { selectors, scratch, commit: null, dirty: false }));
}

/** The codes and places of what building refuses; fails when it refuses nothing. */
export async function problemsOf(
  building: Promise<unknown>,
): Promise<
  readonly { readonly code: string; readonly place?: string; readonly found: string; readonly todo: string; readonly expected?: string }[]
> {
  const { TerraceError } = await import('../../terrace/base/errors');
  try {
    await building;
  } catch (error) {
    if (error instanceof TerraceError) return error.problems;
    throw error;
  }
  throw new Error('nothing was refused');
}
