import type { CloudStores } from '../stores';
import { Cloud } from './cloud/cloud';
import { EventLog } from './cloud/event-log';
import { Faults } from './cloud/faults';
import type { Caller } from './engine/context';
import { SimulatedProvider } from './engine/simulated-provider';
import { kindOf } from './kinds/kinds';
import { readOverlay } from './overlay/read-overlay';
import { servePlugin } from './protocol/plugin-server';
import { usedTypes } from './protocol/used-types';
import { indexAnswer, type AnswerIndex } from './schema/answer-index';
import { Catalogue } from './schema/catalogue';
import { encodedSchemas } from './schema/encoded';
import { bindingsFolder, providerPackages, type ProviderPackage } from './schema/packages';
import { ServedCatalogue } from './schema/served-catalogue';

/** One entry of `TF_REATTACH_PROVIDERS`. */
export interface ReattachEntry {
  readonly Protocol: 'grpc';
  readonly ProtocolVersion: 6;
  readonly Pid: number;
  readonly Test: true;
  readonly Addr: { readonly Network: 'tcp'; readonly String: string };
}

export interface ServeOptions {
  /** Folder of the simulated resources, `.sandbox/cloud`. */
  readonly cloudDir: string;
  readonly stores: CloudStores;
  readonly sandboxId: string;
  /** Port of each provider from an earlier run, by its name; one without a port gets a free one, which is added here. */
  readonly ports: Record<string, number>;
  readonly projectRoot: string;
}

export interface ServedProviders {
  /** For `TF_REATTACH_PROVIDERS`, under both registry hosts. */
  readonly reattach: Readonly<Record<string, ReattachEntry>>;
  stop(): Promise<void>;
}

/** Bytes of an answer that terraform takes in at once anyway. */
const smallAnswer = 200_000;

export const registryHosts = ['registry.terraform.io', 'registry.opentofu.org'] as const;

/** Serves every provider whose bindings are installed, one port each, in this process. */
export async function serveProviders(options: ServeOptions): Promise<ServedProviders> {
  const installed = providerPackages.filter((one) => bindingsFolder(options.projectRoot, one) !== undefined);
  const shared = {
    cloud: new Cloud(options.cloudDir),
    events: new EventLog(options.cloudDir),
    faults: new Faults(options.cloudDir),
    stores: options.stores,
    sandboxId: options.sandboxId,
  };
  const served = await Promise.all(
    installed.map(async (one) => {
      const { provider, schemas } = assemble(options.projectRoot, one, shared);
      const server = await servePlugin(provider, async (caller) => schemas(caller), options.projectRoot, options.ports[one.name] ?? 0);
      options.ports[one.name] = server.port;
      return { one, server };
    }),
  );
  const reattach = served.flatMap(({ one, server }) =>
    registryHosts.map((host) => [`${host}/${one.source}`, entryOf(`127.0.0.1:${server.port}`)] as const),
  );
  return {
    reattach: Object.fromEntries(reattach),
    stop: async () => {
      await Promise.all(served.map(({ server }) => server.stop()));
    },
  };
}

/** One provider and its schema answer, ready to be served. */
export function assemble(
  projectRoot: string,
  one: ProviderPackage,
  shared: {
    readonly cloud: Cloud;
    readonly events: EventLog;
    readonly faults: Faults;
    readonly stores: CloudStores | undefined;
    readonly sandboxId: string;
  },
): { readonly provider: SimulatedProvider; readonly schemas: (caller: () => Caller) => Buffer } {
  const overlay = readOverlay(projectRoot, one.name);
  const schemas = new ServedCatalogue(new Catalogue(projectRoot, one), overlay);
  return {
    provider: new SimulatedProvider({ name: one.name, kind: kindOf(one.name), schemas, overlay, ...shared }),
    schemas: tailoredAnswer(() => encodedSchemas(projectRoot, one, schemas), one.name, shared.stores),
  };
}

/** All types, or those that the calling terraform can meet; the whole answer is taken apart once. */
function tailoredAnswer(whole: () => Buffer, provider: string, stores: CloudStores | undefined): (caller: () => Caller) => Buffer {
  let index: AnswerIndex | undefined;
  return (caller) => {
    index ??= indexAnswer(whole());
    if (index.whole.length < smallAnswer) return index.whole;
    const used = usedTypes(caller(), provider, stores?.buckets.read?.bind(stores.buckets));
    return used === undefined ? index.whole : index.only(used);
  };
}

function entryOf(address: string): ReattachEntry {
  return { Protocol: 'grpc', ProtocolVersion: 6, Pid: process.pid, Test: true, Addr: { Network: 'tcp', String: address } };
}
