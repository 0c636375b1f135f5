import { mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { sandboxBuild } from './build';
import { copyData } from './copying';
import { controlService } from '../gateway/control-service';
import { isAlive } from '../../base/living-process';
import { messageOf } from '../../base/message';
import { type DaemonRecord, type DaemonStatus, folderOf, portTaken, waits } from './daemon-record';
import { replaceFile } from '../storage/durable-file';
import { dynamodbService } from '../dynamodb/dynamodb-service';
import { TableStore } from '../dynamodb/table-store';
import { emptySandbox, finishEmptying } from './emptying';
import { createGateway, type GatewayServices } from '../gateway/gateway';
import { layoutOf } from './layout';
import { requestLogger } from '../gateway/request-log';
import { ServiceFaults } from '../gateway/service-faults';
import { BucketStore } from '../s3/bucket-store';
import { S3Service } from '../s3/s3-service';
import { changeSettings, readSettings, type SandboxSettings } from './settings';
import { loadProviders, type RunningProviders, startProviders } from './start-providers';
import { sandboxSecret } from './secret';
import { stsService } from '../sts/sts-service';

/** How often a daemon looks whether its folder is still there, in milliseconds. */
const watchInterval = 1000;

/**
 * Serves the sandbox of a folder, with the providers of a project, until SIGTERM, SIGINT, or until the folder is gone,
 * or the process that a fork was made for. Binding the port is what makes it the only one:
 * it opens no data before. Resolves never; ends the process.
 */
async function serveSandbox(dir: string, project: string): Promise<void> {
  const settings = readSettings(dir);
  if (settings === undefined) throw new Error(`no sandbox in ${dir}`);
  const layout = layoutOf(dir);
  let record: DaemonRecord = {
    version: 1,
    id: settings.id,
    pid: process.pid,
    port: settings.port,
    started: new Date().toISOString(),
    reattach: {},
  };
  let providers: RunningProviders | undefined;
  const build = sandboxBuild();
  const control = controlService({
    id: settings.id,
    dir: folderOf(dir),
    secret: sandboxSecret(dir).control,
    status: () => status(),
    reset: () => (providers === undefined || stopping ? undefined : stores.reset(providers)),
    copy: (folder) => {
      if (providers === undefined || stopping) return false;
      copyData(dir, folder);
      return true;
    },
  });
  const stores = await open(dir, settings, control);
  const status = (): DaemonStatus => ({
    ...record,
    ready: providers !== undefined,
    ...(build === undefined ? {} : { build }),
    dir: folderOf(dir),
    buckets: stores.buckets.list().length,
    objects: stores.buckets.list().reduce((sum, { name }) => sum + stores.buckets.bucket(name).sortedKeys.length, 0),
    tables: stores.tables.list().length,
  });
  const owner = settings.fork?.owner;
  const isAbandoned = (): boolean => owner !== undefined && !isAlive(owner);
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await Promise.race([providers?.stop(), new Promise((resolve) => setTimeout(resolve, 3000))]);
    rmSync(layout.record, { force: true });
    stores.server.closeAllConnections();
    if (isAbandoned()) rmSync(dir, { recursive: true, force: true });
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop());
  const started = await startProviders({
    cloudDir: layout.cloud,
    stores,
    sandboxId: settings.id,
    gatewayPort: settings.port,
    ports: settings.providerPorts,
    projectRoot: project,
  });
  changeSettings(dir, { providerPorts: { ...settings.providerPorts, ...started.ports } });
  record = { ...record, reattach: started.reattach };
  replaceFile(layout.record, `${JSON.stringify(record, null, 2)}\n`);
  providers = started;
  process.stdout.write(
    `${record.started} sandbox ${settings.id} on 127.0.0.1:${settings.port}, ${Object.keys(record.reattach).length} providers\n`,
  );
  setInterval(() => {
    if (currentId(dir) !== settings.id || isAbandoned()) void stop();
  }, watchInterval);
}

interface OpenStores {
  readonly buckets: BucketStore;
  readonly tables: TableStore;
  readonly server: ReturnType<typeof createGateway>;
  /** Empties everything in one synchronous step and gives the new generation. */
  reset(providers: RunningProviders): number;
}

/** Binds the port, then opens the data: requests are read after both. */
function open(dir: string, settings: SandboxSettings, control: GatewayServices['control']): Promise<OpenStores> {
  const layout = layoutOf(dir);
  let log = requestLogger(layout.requests);
  let generation = 0;
  const secret = sandboxSecret(dir).data;
  const faults = new ServiceFaults(layout.cloud);
  return new Promise((resolve) => {
    let stores: { readonly buckets: BucketStore; readonly tables: TableStore; readonly s3: S3Service } | undefined;
    const opened = () => {
      if (stores === undefined) throw new Error('the sandbox is not open yet');
      return stores;
    };
    const server = createGateway(
      {
        s3: { answer: (raw, caller) => opened().s3.answer(raw, caller) },
        dynamodb: (request) => dynamodbService(opened().tables)(request),
        sts: stsService(secret),
        control,
        secret,
        strike: (request) => faults.strike(request),
        generation: () => generation,
      },
      (exchange) => log(exchange),
    );
    server.once('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`cannot listen on 127.0.0.1:${settings.port}: ${messageOf(error, `127.0.0.1:${settings.port}`)}\n`);
      process.exit(error.code === 'EADDRINUSE' ? portTaken : 1);
    });
    server.listen(settings.port, '127.0.0.1', () => {
      finishEmptying(dir);
      mkdirSync(layout.cloud, { recursive: true });
      const buckets = new BucketStore(layout.s3);
      const tables = new TableStore(layout.dynamodb);
      stores = { buckets, tables, s3: new S3Service(buckets) };
      const reset = (providers: RunningProviders): number => {
        generation += 1;
        try {
          let emptied = 0;
          providers.reset(() => {
            const { rubbish, generation: next } = emptySandbox(dir);
            emptied = next;
            void rm(rubbish, { recursive: true, force: true }).catch(() => undefined);
          });
          return emptied;
        } finally {
          // What the folder holds now, also where it could not be emptied.
          mkdirSync(layout.cloud, { recursive: true });
          buckets.reopen();
          tables.reopen();
          log = requestLogger(layout.requests);
        }
      };
      resolve({ buckets, tables, server, reset });
    });
  });
}

function currentId(dir: string): string | undefined {
  try {
    return readSettings(dir)?.id;
  } catch {
    return undefined;
  }
}

/** Entry point of the daemon's process: its arguments are the sandbox's folder and the project whose providers it simulates. */
export function main(argv: readonly string[]): void {
  const [dir, project] = argv.slice(2);
  if (dir === undefined || project === undefined) throw new Error('usage: sandbox-daemon <dir> <project>');
  const begun = argv.includes(waits) ? loadProviders().then(wordToBegin) : Promise.resolve();
  begun
    .then(() => serveSandbox(dir, project))
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    });
}

/** Resolves when whoever started this process has filled the folder; where that process ends without, so does this one. */
function wordToBegin(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('end', () => process.exit(0));
    process.stdin.once('data', () => {
      process.stdin.removeAllListeners('end');
      process.stdin.destroy();
      resolve();
    });
  });
}
