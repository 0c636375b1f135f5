import { createHash } from 'node:crypto';

import { isInstalled, providerPackages, type ProviderPackage } from '../../terraform/provider-packages';
import type { SandboxSettings } from '../daemon/settings';
import { layoutOf } from '../daemon/layout';
import { TableStore } from '../dynamodb/table-store';
import { Cloud } from '../providers/cloud/cloud';
import { EventLog } from '../providers/cloud/event-log';
import { Faults } from '../providers/cloud/faults';
import type { Settings } from '../providers/engine/context';
import { type Placed, settle, settlingSteps } from '../providers/engine/placing';
import { writePrivate } from '../providers/engine/private-mark';
import { Refusal } from '../providers/engine/refusal';
import { SimulatedProvider } from '../providers/engine/simulated-provider';
import { bucketDocument } from '../providers/kinds/aws/bucket-document';
import { kindOf } from '../providers/kinds/kinds';
import { readOverlay } from '../providers/overlay/read-overlay';
import { fromJson } from '../providers/protocol/json';
import { isObject } from '../providers/protocol/value';
import { jsonOf } from '../providers/engine/applying';
import { typeOfBlock } from '../providers/schema/schema';
import { schemasOf } from '../providers/schema/schemas-of';
import { ServedCatalogue } from '../providers/schema/served-catalogue';
import { BucketStore } from '../s3/bucket-store';

/** A resource as it is to stand in the simulated cloud. */
export interface SeedResource {
  readonly type: string;
  /** Account of its environment, 12 digits. */
  readonly account: string;
  /** Block of its provider in the configuration, with values for references. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly attributes: unknown;
}

/** What terraform's state holds of a resource that was seeded. */
export interface SeededResource {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Version of the simulated schema. */
  readonly schemaVersion: number;
  /** Base64. */
  readonly private: string;
}

/** An object of S3 that is written as terraform writes it. */
export interface SeedObject {
  readonly bucket: string;
  readonly region: string;
  readonly account: string;
  readonly key: string;
  readonly body: string;
  readonly kmsKeyId?: string;
}

/** Fills the folder of a sandbox whose daemon does not run. Nothing is checked: what is seeded is what somebody else has. */
export class Seeding {
  private readonly buckets: BucketStore;
  private readonly tables: TableStore;
  private readonly providers = new Map<string, SimulatedProvider>();
  private readonly settings = new Map<string, Settings>();
  private readonly placed: Placed[] = [];
  private readonly began = performance.timeOrigin + performance.now();

  constructor(
    private readonly dir: string,
    private readonly project: string,
    private readonly sandbox: Pick<SandboxSettings, 'id'>,
  ) {
    const layout = layoutOf(dir);
    this.buckets = new BucketStore(layout.s3);
    this.tables = new TableStore(layout.dynamodb);
  }

  /** Puts a resource into the cloud; a text says why it cannot be. */
  place({ type, account, config, attributes }: SeedResource): SeededResource | string {
    const provider = this.providerWith(type, 'resource');
    if (typeof provider === 'string') return provider;
    try {
      const settings = this.settingsOf(provider, account, config);
      const placed = provider.place(type, settings, attributes, this.began + this.placed.length / 1000);
      this.placed.push(placed);
      return {
        attributes: jsonOf(placed.state),
        schemaVersion: provider.context.schemas.resource(type)?.version ?? 0,
        private: writePrivate(this.sandbox.id, placed.key === undefined ? {} : { key: placed.key }).toString('base64'),
      };
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  }

  /** Makes what a data source answered elsewhere known, for where this cloud holds nothing that it finds; a text says why it cannot be. */
  answer({ type, account, config, attributes }: SeedResource): string | undefined {
    const provider = this.providerWith(type, 'data source');
    if (typeof provider === 'string') return provider;
    if (provider.context.kind.stateOnly !== true)
      provider.keepAnswer(type, this.settingsOf(provider, account, config), attributes, this.began);
    return undefined;
  }

  /** Makes what the placed resources bring with them. Gives what was refused. */
  async settle(): Promise<readonly string[]> {
    const refused: string[] = [];
    for (const step of settlingSteps)
      for (const placed of this.placed) {
        const refusal = await settle(placed, step);
        if (refusal !== undefined) refused.push(`${placed.call.type} ${String(placed.state['id'] ?? '')}: ${refusal}`);
      }
    return refused;
  }

  hasObject(bucket: string, key: string): boolean {
    return this.buckets.read(bucket, key) !== undefined;
  }

  /** Stores an object; its bucket is made where nobody's state holds it. */
  put({ bucket, region, account, key, body, kmsKeyId }: SeedObject): void {
    if (!this.buckets.has(bucket)) {
      this.buckets.create({ name: bucket, region, account });
      this.buckets.set(bucket, 'versioning', bucketDocument('VersioningConfiguration', { status: 'Enabled' }));
    }
    const bytes = Buffer.from(body);
    const encryption =
      kmsKeyId === undefined
        ? { 'x-amz-server-side-encryption': 'AES256' }
        : { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId };
    this.buckets.bucket(bucket).put(
      {
        key,
        size: bytes.length,
        etag: createHash('md5').update(bytes).digest('hex'),
        headers: { 'content-type': 'application/json', ...encryption },
        tags: {},
      },
      bytes,
    );
  }

  /** Records the digest of a state beside its lock; the table is made where nobody's state holds it. */
  digest(table: string, region: string, account: string, lockId: string, digest: string): void {
    if (!this.tables.has(table, region, account))
      this.tables.create({ name: table, region, account, hashKey: 'LockID', deletionProtection: false });
    this.tables.table(table, region, account).put({ LockID: { S: lockId }, Digest: { S: digest } });
  }

  /** The provider that has a type; a text says why none has. */
  private providerWith(type: string, kind: 'resource' | 'data source'): SimulatedProvider | string {
    const one = providerPackages.find(({ name }) => type === name || type.startsWith(`${name}_`));
    if (one === undefined) return 'no simulated provider has such a type';
    if (!isInstalled(this.project, one)) return `the bindings of ${one.name} are not installed in this project`;
    const provider = this.providerOf(one);
    const { schemas } = provider.context;
    const schema = kind === 'resource' ? schemas.resource(type) : schemas.dataSource(type);
    if (schema !== undefined) return provider;
    return `the simulated ${one.name} has no such ${kind === 'resource' ? 'type' : kind}`;
  }

  private providerOf(one: ProviderPackage): SimulatedProvider {
    const { name } = one;
    const known = this.providers.get(name);
    if (known !== undefined) return known;
    const overlay = readOverlay(name);
    const { cloud } = layoutOf(this.dir);
    const provider = new SimulatedProvider({
      name,
      kind: kindOf(name),
      schemas: new ServedCatalogue(schemasOf(this.project, one), overlay),
      overlay,
      cloud: new Cloud(cloud),
      events: new EventLog(cloud),
      faults: new Faults(cloud),
      stores: { buckets: this.buckets, tables: this.tables },
      sandboxId: this.sandbox.id,
    });
    this.providers.set(name, provider);
    return provider;
  }

  /** What a connection with this provider block knows, as a terraform in the account's shell would configure it. */
  private settingsOf(provider: SimulatedProvider, account: string, config: Readonly<Record<string, unknown>>): Settings {
    const key = JSON.stringify([provider.context.name, account, config]);
    const known = this.settings.get(key);
    if (known !== undefined) return known;
    const value = fromJson(config, typeOfBlock(provider.context.schemas.configuration().block));
    const settings = provider.configure(isObject(value) ? value : {}, {
      environment: { AWS_ACCESS_KEY_ID: `SANDBOX${account}` },
      known: true,
    });
    this.settings.set(key, settings);
    return settings;
  }
}
