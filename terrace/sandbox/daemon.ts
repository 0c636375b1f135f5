import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../project-root';
import { sandboxBuild } from './build';
import type { DaemonRecord, DaemonStatus } from './daemon-record';
import { replaceFile } from './durable-file';
import { dynamodbService } from './dynamodb/dynamodb-service';
import { TableStore } from './dynamodb/table-store';
import { createFront } from './front';
import { layoutOf } from './layout';
import { requestLogger } from './request-log';
import { BucketStore } from './s3/bucket-store';
import { S3Service } from './s3/s3-service';
import { changeSettings, readSettings, type SandboxSettings } from './settings';
import { startProviders } from './start-providers';
import { answerSts } from './sts/sts-service';

/** Exit code of a daemon that finds its port taken, be it by another daemon of the same folder. */
export const portTaken = 3;

/** How often a daemon looks whether its folder is still there, in milliseconds. */
const watchInterval = 1000;

/**
 * Serves the sandbox of a folder until SIGTERM, SIGINT, or until the folder is gone. Binding the port is what makes it the only one:
 * it opens no data before. Resolves never; ends the process.
 */
async function serveSandbox(dir: string): Promise<void> {
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
  let ready = false;
  const build = sandboxBuild();
  const stores = await open(settings, layout, () => status());
  const status = (): DaemonStatus => ({
    ...record,
    ready,
    ...(build === undefined ? {} : { build }),
    dir: path.resolve(dir),
    buckets: stores.buckets.list().length,
    objects: stores.buckets.list().reduce((sum, { name }) => sum + stores.buckets.bucket(name).sortedKeys.length, 0),
    tables: stores.tables.list().length,
  });
  let stopping = false;
  const stop = async (stopProviders: () => Promise<void>): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await Promise.race([stopProviders(), new Promise((resolve) => setTimeout(resolve, 3000))]);
    rmSync(layout.record, { force: true });
    stores.server.closeAllConnections();
    process.exit(0);
  };
  let stopProviders = (): Promise<void> => Promise.resolve();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(stopProviders));
  const providers = await startProviders({
    cloudDir: layout.cloud,
    stores,
    sandboxId: settings.id,
    front: settings.port,
    ports: settings.providerPorts,
    projectRoot: projectRoot(),
  });
  stopProviders = () => providers.stop();
  changeSettings(dir, { providerPorts: { ...settings.providerPorts, ...providers.ports } });
  record = { ...record, reattach: providers.reattach };
  replaceFile(layout.record, `${JSON.stringify(record, null, 2)}\n`);
  ready = true;
  process.stdout.write(
    `${record.started} sandbox ${settings.id} on 127.0.0.1:${settings.port}, ${Object.keys(record.reattach).length} providers\n`,
  );
  setInterval(() => {
    if (currentId(dir) !== settings.id) void stop(stopProviders);
  }, watchInterval);
}

interface OpenStores {
  readonly buckets: BucketStore;
  readonly tables: TableStore;
  readonly server: ReturnType<typeof createFront>;
}

/** Binds the port, then opens the data: requests are read after both. */
function open(settings: SandboxSettings, layout: ReturnType<typeof layoutOf>, status: () => unknown): Promise<OpenStores> {
  return new Promise((resolve) => {
    let stores: { readonly buckets: BucketStore; readonly tables: TableStore; readonly s3: S3Service } | undefined;
    const opened = () => {
      if (stores === undefined) throw new Error('the sandbox is not open yet');
      return stores;
    };
    const server = createFront(
      {
        s3: { answer: (raw, caller) => opened().s3.answer(raw, caller) },
        dynamodb: (request) => dynamodbService(opened().tables)(request),
        sts: answerSts,
        status,
      },
      requestLogger(layout.requests),
    );
    server.once('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`cannot listen on 127.0.0.1:${settings.port}: ${error.message}\n`);
      process.exit(error.code === 'EADDRINUSE' ? portTaken : 1);
    });
    server.listen(settings.port, '127.0.0.1', () => {
      mkdirSync(layout.cloud, { recursive: true });
      const buckets = new BucketStore(layout.s3);
      stores = { buckets, tables: new TableStore(layout.dynamodb), s3: new S3Service(buckets) };
      resolve({ ...stores, server });
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

/** Entry point of the daemon's process: `<dir>` is its one argument. */
export function main(argv: readonly string[]): void {
  const dir = argv[2];
  if (dir === undefined) throw new Error('usage: sandbox-daemon <dir>');
  serveSandbox(dir).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
}
