import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { RootValues } from '../../terrace/tree/values';
import { allOfSystems, scratchProject, type Outcome, type ScratchProject } from './scratch-project';
import { makeShopBackend, shopAccount } from './shop-tree';

/** One unit of the small system: a `terraform_data` that holds a value, and an output `id` that others can read. */
export interface SmallUnit {
  readonly value: string;
  /** Id of the unit whose output it reads. */
  readonly reads?: string;
  readonly movedFrom?: string;
  /** What its apply runs on this machine. */
  readonly command?: string;
}

/** A project of one small system, `small`, with a repository and a sandbox of its own. */
export interface SmallProject extends ScratchProject {
  readonly env: NodeJS.ProcessEnv;
  /** Writes the source: the units by their ids. */
  write(units: { readonly [id: string]: SmallUnit }): void;
  /** Writes other settings: values of the root, and whether a bootstrap unit makes the backend. */
  settle(settings: SmallSettings): void;
  /** Commits everything. */
  commit(message: string): void;
  /** Runs `terrace` in the sandbox. */
  run(...args: readonly string[]): Promise<Outcome>;
  /** Path of a unit. */
  path(id: string): string;
}

/** What the root says, and who makes the backend. */
export interface SmallSettings {
  /** @default none beside the names */
  readonly root?: Partial<RootValues>;
  /** A bootstrap unit is part of the region. @default false: the test makes the backend of the usual names */
  readonly bootstrap?: boolean;
}

const source = `import { readFileSync } from 'node:fs';
import path from 'node:path';

import { DataResource } from 'cdktf';

import { declareOutputs, Environment, Region, System, text, Unit, type Project, type RootValues, type UnitTable } from 'terrace';

import { StateBackendUnit } from './backend/state-unit';

interface Described {
  readonly value: string;
  readonly reads?: string;
  readonly movedFrom?: string;
  readonly command?: string;
}

interface Settings {
  readonly root: Partial<RootValues>;
  readonly bootstrap: boolean;
}

const outputs = declareOutputs({ id: text('mock') });
const settings: Settings = JSON.parse(readFileSync(path.join(__dirname, 'stacks', 'settings.json'), 'utf8'));
const described: Record<string, Described> = JSON.parse(readFileSync(path.join(__dirname, 'stacks', 'units.json'), 'utf8'));
const units: Record<string, UnitTable[string]> = settings.bootstrap ? { 'backend/state': StateBackendUnit } : {};

for (const [id, { value, reads, movedFrom, command }] of Object.entries(described)) {
  units[id] = class SmallUnit extends Unit<typeof outputs> {
    override readonly movedFrom = movedFrom;

    constructor(region: Region, name: string) {
      super(region, name, outputs);
      const upstream = reads === undefined ? undefined : region.units[reads];
      const read = reads === undefined || upstream === undefined ? undefined : this.dependency(region.unit(upstream as typeof SmallUnit, reads));
      const held = new DataResource(this, 'held', command === undefined ? {} : { provisioners: [{ type: 'local-exec', command }] });
      // A text, which terraform takes as well as what the binding declares.
      held.addOverride('input', read === undefined ? value : \`\${value} \${read.id}\`);
      this.outputs({ id: held.id });
    }
  };
}

export const project: Project = {
  systems: {
    small: async () => (app) => {
      const system = new System(app, { system: 'small', project: 'small', ...settings.root });
      const environment = new Environment(system, { environment: 'dev', account: { id: '${shopAccount}', name: 'dev' } });
      new Region(environment, { region: 'eu-central-1', awsRegion: 'eu-central-1' }, units);
      return system;
    },
  },
};
`;

export async function smallProject(units: { readonly [id: string]: SmallUnit }, settings: SmallSettings = {}): Promise<SmallProject> {
  const project = scratchProject({ without: allOfSystems });
  mkdirSync(path.join(project.root, 'stacks'));
  const write: SmallProject['write'] = (now) =>
    writeFileSync(path.join(project.root, 'stacks', 'units.json'), `${JSON.stringify(now, null, 2)}\n`);
  const settle: SmallProject['settle'] = ({ root = {}, bootstrap = false }) =>
    writeFileSync(path.join(project.root, 'stacks', 'settings.json'), `${JSON.stringify({ root, bootstrap }, null, 2)}\n`);
  writeFileSync(path.join(project.root, 'main.ts'), source);
  write(units);
  settle(settings);
  const commit = (message: string): void => {
    project.git('add', '--all');
    project.git('commit', '--quiet', '--allow-empty', '--message', message);
  };
  project.git('init', '--quiet', '--initial-branch=main');
  commit('base');
  const env = { ...(await project.sandbox(shopAccount)), TERRACE_SANDBOX_UNJUDGED: 'yes' };
  if (settings.bootstrap !== true) await makeShopBackend(env);
  return {
    ...project,
    env,
    write,
    settle,
    commit,
    run: (...args) => project.terrace(args, env),
    path: (id) => `small/dev/eu-central-1/${id}`,
  };
}
