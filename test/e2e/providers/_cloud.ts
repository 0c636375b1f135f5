import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../../_helpers/project-root';
import { TableStore } from '../../../terrace/sandbox/dynamodb/table-store';
import { Cloud } from '../../../terrace/sandbox/providers/cloud/cloud';
import { EventLog } from '../../../terrace/sandbox/providers/cloud/event-log';
import { Faults } from '../../../terrace/sandbox/providers/cloud/faults';
import { mirrorEnvironment, writeMirror } from '../../../terrace/sandbox/providers/mirror/mirror';
import { serveProviders, type ReattachEntry } from '../../../terrace/sandbox/providers/serve';
import { BucketStore } from '../../../terrace/sandbox/s3/bucket-store';
import { terraformConfig } from '../../../terrace/sandbox/environment/config-files';
import type { CloudStores } from '../../../terrace/sandbox/storage/stores';
import { temporaryFolder } from '../../_helpers/sandbox';

/** `reattach`: terraform finds the providers running; `mirror`: it installs and launches their programs. */
export type Mode = 'reattach' | 'mirror';

/** The simulated providers served in this process, with stores of their own; emptied before every case. */
export interface ServedCloud {
  readonly dir: string;
  readonly mirror: string;
  readonly cloud: Cloud;
  readonly events: EventLog;
  readonly faults: Faults;
  readonly reattach: Readonly<Record<string, ReattachEntry>>;
  buckets(): BucketStore;
  tables(): TableStore;
  /** Variables of a terraform process; the account is that of its access key. */
  environment(mode: Mode, account?: string): NodeJS.ProcessEnv;
  empty(): void;
  stop(): Promise<void>;
}

export const account = '111122223333';

export async function serveCloud(): Promise<ServedCloud> {
  const dir = temporaryFolder('terrace-cloud-');
  const cloudDir = path.join(dir, 'cloud');
  const mirror = path.join(dir, 'mirror');
  let buckets = new BucketStore(path.join(dir, 's3'));
  let tables = new TableStore(path.join(dir, 'dynamodb'));
  const stores: CloudStores = {
    get buckets() {
      return buckets;
    },
    get tables() {
      return tables;
    },
  };
  const served = await serveProviders({ cloudDir, stores, sandboxId: 'test', ports: {}, projectRoot });
  writeFileSync(
    path.join(dir, 'daemon.json'),
    JSON.stringify({ version: 1, id: 'test', pid: process.pid, port: 1, reattach: served.reattach }),
  );
  writeFileSync(path.join(dir, 'terraform.rc'), terraformConfig(mirror));
  return {
    dir,
    mirror,
    cloud: new Cloud(cloudDir),
    events: new EventLog(cloudDir),
    faults: new Faults(cloudDir),
    reattach: served.reattach,
    buckets: () => buckets,
    tables: () => tables,
    environment: (mode, id = account) => {
      const variables = {
        AWS_ACCESS_KEY_ID: `SANDBOX${id}`,
        AWS_SECRET_ACCESS_KEY: 'sandbox',
        AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
        AWS_ENDPOINT_URL_S3: 'http://s3.sandbox',
        AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1',
        HTTP_PROXY: 'http://127.0.0.1:1',
        CHECKPOINT_DISABLE: '1',
        TERRACE_SANDBOX: 'test',
        TERRACE_SANDBOX_DIR: dir,
        TF_CLI_CONFIG_FILE: path.join(dir, 'terraform.rc'),
        TF_REATTACH_PROVIDERS: JSON.stringify(served.reattach),
      };
      if (mode === 'mirror') writeMirror(projectRoot, dir, mirror);
      const over = mode === 'mirror' ? mirrorEnvironment(variables) : variables;
      return Object.fromEntries(
        Object.entries({
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          TERRAFORM_BINARY_NAME: process.env['TERRAFORM_BINARY_NAME'],
          ...over,
        }).filter(([, value]) => value !== undefined && value !== ''),
      );
    },
    empty: () => {
      for (const name of ['cloud', 's3', 'dynamodb']) rmSync(path.join(dir, name), { recursive: true, force: true });
      buckets = new BucketStore(path.join(dir, 's3'));
      tables = new TableStore(path.join(dir, 'dynamodb'));
    },
    stop: async () => {
      await served.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
