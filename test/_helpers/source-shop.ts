import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { scratchProject, type ScratchProject } from './scratch-project';

/** A system whose values go every way that they can: from a level, through envcommon, and from the unit's own source. */
const files: Readonly<Record<string, string>> = {
  'main.ts': `import type { Project } from 'terrace';
export const project: Project = { systems: { shop: async () => (await import('./stacks/shop/system')).shop } };
`,
  'envcommon/storage.ts': `export interface DatabaseNeeds {
  readonly backupDays: number;
  readonly logDays?: number;
}

/** A database. */
export function database(needs: DatabaseNeeds) {
  return {
    ...needs,
    backupWindow: '03:00-04:00',
    logDays: needs.logDays ?? 30,
  };
}
`,
  'stacks/shop/dev/account.ts': `export const account = { id: '123456789012', name: 'dev' };
`,
  'stacks/shop/dev/env.ts': `import { account } from './account';

export const env = {
  environment: 'dev',
  account,
  database: {
    backupDays: 7,
  },
  size: 'small' as 'small' | 'large',
};
`,
  'stacks/shop/units/storage/database.ts': `import { DataResource } from 'cdktf';
import { declareOutputs, Region, text, Unit } from 'terrace';

import { database } from '../../../../envcommon/storage';
import type { ShopEnvironment } from '../../system';

const outputs = declareOutputs({ address: text('db.example.org') });

export class DatabaseUnit extends Unit<typeof outputs> {
  constructor(region: Region<{ region: string; awsRegion: string }, ShopEnvironment>, id: string) {
    super(region, id, outputs);
    const { values } = region.environment;
    const settings = database(values.database);
    const cluster = new DataResource(this, 'cluster', {
      input: {
        backup_days: settings.backupDays,
        hours: settings.backupDays * 24,
        window: settings.backupWindow,
        logs: settings.logDays,
        engine: 'postgres',
        nodes: values.size === 'small' ? 1 : 3,
      },
    });
    this.outputs({ address: cluster.id });
  }
}

export class ApiUnit extends Unit {
  constructor(region: Region<{ region: string; awsRegion: string }, ShopEnvironment>, id: string) {
    super(region, id, {});
    const store = this.dependency(region.unit(DatabaseUnit));
    new DataResource(this, 'api', { input: { store: store.address, size: region.environment.values.size } });
  }
}
`,
  'stacks/shop/system.ts': `import { Environment, Region, System, type TreeApp } from 'terrace';

import { env } from './dev/env';
import { ApiUnit, DatabaseUnit } from './units/storage/database';

export class ShopEnvironment extends Environment<typeof env> {}

export function shop(app: TreeApp): System {
  const system = new System(app, { system: 'shop', project: 'shop' });
  const environment = new ShopEnvironment(system, env);
  new Region(environment, { region: 'eu-central-1', awsRegion: 'eu-central-1' }, { 'storage/database': DatabaseUnit, 'compute/api': ApiUnit });
  return system;
}
`,
};

/** A project of this one system, in which a test may ask where values come from. */
export function sourceShop(): ScratchProject {
  const project = scratchProject();
  for (const folder of ['stacks', 'envcommon', 'modules', 'backend', 'policies'])
    rmSync(path.join(project.root, folder), { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(project.root, name)), { recursive: true });
    writeFileSync(path.join(project.root, name), text);
  }
  return project;
}
