import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { DeleteItemCommand, PutItemCommand, ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';

import { dynamodbClient, s3Client } from '../../terrace/aws/clients';
import { main } from '../../terrace/cli/main';
import { readRequestLog, type LoggedRequest } from '../../terrace/sandbox/gateway/request-log';
import { layoutOf } from '../../terrace/sandbox/daemon/layout';
import { ServiceFaults } from '../../terrace/sandbox/gateway/service-faults';
import { Cloud } from '../../terrace/sandbox/providers/cloud/cloud';
import { Faults } from '../../terrace/sandbox/providers/cloud/faults';
import { labProject, type LabProject } from './lab-project';
import type { Lab, LabUnits } from './lab-types';
import type { Outcome } from './scratch-project';
import { shopAccount } from './shop-tree';

const region = 'eu-central-1';
const bucket = `terraform-state-${shopAccount}-${region}`;
const table = `terraform-locks-${shopAccount}`;

/** Everything that a lab's sandbox holds of its units: a world can be put back to it in some milliseconds. */
export interface Snapshot {
  readonly objects: ReadonlyMap<string, string>;
  readonly items: readonly Record<string, AttributeValue>[];
  /** Copy of the folder of simulated resources. */
  readonly cloud: string;
}

/** A lab whose requests can be made to fail, and that can be put back to what it was. */
export interface FaultWorld {
  readonly project: LabProject;
  readonly faults: ServiceFaults;
  readonly resourceFaults: Faults;
  /** Runs a command line in this process, which spares its start; each request is tried once. */
  cli(...args: readonly string[]): Promise<Outcome>;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): Promise<void>;
  /** What was asked of S3, DynamoDB and STS so far. */
  requests(): readonly LoggedRequest[];
  /** Text of an object; undefined where there is none. */
  object(key: string): Promise<string | undefined>;
  /** LockIDs of all items. */
  items(): Promise<readonly Record<string, AttributeValue>[]>;
  /** Ids of the resources of a type that exist, with the name that they are tagged with. */
  resources(type: string): ReadonlyMap<string, string>;
  /** Removes a simulated resource behind terraform's back. */
  forget(type: string, id: string): void;
  /** Addresses that this machine notes as begun. */
  notes(): readonly string[];
  dispose(): Promise<void>;
}

export async function faultWorld(lab: Lab | LabUnits): Promise<FaultWorld> {
  const project = await labProject(lab);
  const env = { ...project.env, AWS_MAX_ATTEMPTS: '1' };
  const layout = layoutOf(path.join(project.root, '.sandbox'));
  const faults = new ServiceFaults(layout.cloud);
  const cloudOf = path.join(layout.cloud, 'aws');
  const s3 = await s3Client(region, project.env);
  const dynamodb = await dynamodbClient(region, project.env);
  const keys = async (): Promise<readonly string[]> =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).flatMap(({ Key }) => Key ?? []);
  const object = async (key: string): Promise<string | undefined> => {
    try {
      return await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };
  const items: FaultWorld['items'] = async () => (await dynamodb.send(new ScanCommand({ TableName: table }))).Items ?? [];
  let copies = 0;
  return {
    project,
    faults,
    resourceFaults: new Faults(layout.cloud),
    object,
    items,
    cli: (...args) => inThisProcess(['--project', project.root, ...args], env),
    requests: () => readRequestLog(layout.requests),
    resources: (type) =>
      new Map(
        new Cloud(layout.cloud).list('aws', type).map(({ record }) => {
          const tags = record.values['tags'];
          return [record.id, typeof tags === 'object' && tags !== null && 'Name' in tags ? String(tags['Name']) : ''];
        }),
      ),
    forget: (type, id) => {
      const cloud = new Cloud(layout.cloud);
      for (const { key, record } of cloud.list('aws', type)) if (record.id === id) cloud.remove(key);
    },
    notes: () =>
      readdirWhole(path.join(project.root, '.terrace', 'unfinished'))
        .filter((name) => name.endsWith('.json'))
        .flatMap((name) => JSON.parse(readFileSync(name, 'utf8')).resources.map(({ address }: { readonly address: string }) => address)),
    snapshot: async () => {
      const cloud = path.join(project.root, `.cloud-${(copies += 1)}`);
      // Where nothing was simulated yet there is no such folder.
      mkdirSync(cloudOf, { recursive: true });
      cpSync(cloudOf, cloud, { recursive: true });
      const objects = new Map<string, string>();
      for (const key of await keys()) objects.set(key, (await object(key)) ?? '');
      return { objects, items: await items(), cloud };
    },
    restore: async ({ objects, items: before, cloud }) => {
      faults.remove();
      for (const key of await keys()) if (!objects.has(key)) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      for (const [key, text] of objects)
        if ((await object(key)) !== text)
          await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' }));
      for (const item of await items())
        await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { LockID: item['LockID'] ?? { S: '' } } }));
      for (const item of before) await dynamodb.send(new PutItemCommand({ TableName: table, Item: item }));
      rmSync(cloudOf, { recursive: true, force: true });
      cpSync(cloud, cloudOf, { recursive: true });
      for (const left of ['work', 'errored', 'unfinished'])
        rmSync(path.join(project.root, '.terrace', left), { recursive: true, force: true });
    },
    dispose: async () => {
      s3.destroy();
      dynamodb.destroy();
      await project.dispose();
    },
  };
}

async function inThisProcess(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const before = { ...process.env };
  const [out, err] = [process.stdout.write.bind(process.stdout), process.stderr.write.bind(process.stderr)];
  let [stdout, stderr, output] = ['', '', ''];
  const become = (variables: NodeJS.ProcessEnv): void => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, variables);
  };
  process.stdout.write = (chunk: string | Uint8Array) => {
    stdout += String(chunk);
    output += String(chunk);
    return true;
  };
  process.stderr.write = (chunk: string | Uint8Array) => {
    stderr += String(chunk);
    output += String(chunk);
    return true;
  };
  become(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)));
  process.exitCode = 0;
  try {
    await main([process.execPath, 'terrace', ...args]);
    return { code: process.exitCode ?? 0, stdout, stderr, output };
  } finally {
    become(before);
    process.exitCode = 0;
    process.stdout.write = out;
    process.stderr.write = err;
  }
}

/** States that could not be uploaded and were kept. */
export function keptIn(root: string): readonly string[] {
  return readdirWhole(path.join(root, '.terrace', 'errored'))
    .filter((name) => name.endsWith('.tfstate'))
    .map((name) => readFileSync(name, 'utf8'));
}

/** Everything below a folder; nothing where there is none. */
function readdirWhole(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
}
