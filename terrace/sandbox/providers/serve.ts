import type { CloudStores } from '../storage/stores';
import { Cloud } from './cloud/cloud';
import { EventLog } from './cloud/event-log';
import { Faults } from './cloud/faults';
import type { ProviderContext } from './engine/context';
import { SimulatedProvider } from './engine/simulated-provider';
import { kindOf } from './kinds/kinds';
import { readOverlay } from './overlay/read-overlay';
import { servePlugin } from './protocol/plugin-server';
import { cloudOf, isInstalled, providerPackages, type ProviderPackage } from '../../terraform/provider-packages';
import { schemasOf } from './schema/schemas-of';
import { ServedCatalogue } from './schema/served-catalogue';
import { SchemaFilter } from './schema-filter';

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
  /**
   * Empties the sandbox by the given function. Calls under way reach nothing of it from then on, and connections from before are refused
   * for good: a terraform that planned against what is gone does not build half of it again.
   */
  reset(empty: () => void): void;
  stop(): Promise<void>;
}

export const registryHosts = ['registry.terraform.io', 'registry.opentofu.org'] as const;

/** Serves every provider whose schemas the project has, one port each, in this process. */
export async function serveProviders(options: ServeOptions): Promise<ServedProviders> {
  const installed = providerPackages.filter((one) => isInstalled(options.projectRoot, one));
  let open = openWorld(options);
  const served = await Promise.all(
    installed.map(async (one) => {
      const { provider, filter } = assemble(options.projectRoot, one, options.stores, open.world);
      const server = await servePlugin(filter.offer(provider), options.ports[one.name] ?? 0);
      options.ports[one.name] = server.port;
      return { one, provider, filter, server };
    }),
  );
  const reattach = served.flatMap(({ one, server }) =>
    registryHosts.map((host) => [`${host}/${one.source}`, entryOf(`127.0.0.1:${server.port}`)] as const),
  );
  return {
    reattach: Object.fromEntries(reattach),
    reset: (empty) => {
      open.close();
      try {
        empty();
      } finally {
        open = openWorld(options);
        for (const { provider, filter, server } of served) server.renew(filter.offer(provider.in(open.world)));
      }
    },
    stop: async () => {
      await Promise.all(served.map(({ server }) => server.stop()));
    },
  };
}

/** What the providers share from one reset to the next. */
type World = Pick<ProviderContext, 'cloud' | 'events' | 'faults' | 'stores' | 'sandboxId'>;

/** A world that can be closed: whoever still holds it then can neither read nor write. */
function openWorld({ cloudDir, stores, sandboxId }: ServeOptions): { readonly world: World; close(): void } {
  const parts = {
    cloud: Proxy.revocable(new Cloud(cloudDir), {}),
    events: Proxy.revocable(new EventLog(cloudDir), {}),
    faults: Proxy.revocable(new Faults(cloudDir), {}),
    stores: Proxy.revocable(stores, {}),
  };
  const { cloud, events, faults, stores: opened } = parts;
  return {
    world: { cloud: cloud.proxy, events: events.proxy, faults: faults.proxy, stores: opened.proxy, sandboxId },
    close: () => {
      for (const part of Object.values(parts)) part.revoke();
    },
  };
}

/** One provider with its schemas, ready to be served. */
function assemble(
  projectRoot: string,
  one: ProviderPackage,
  stores: CloudStores,
  world: World,
): { readonly provider: SimulatedProvider; readonly filter: SchemaFilter } {
  const name = cloudOf(one);
  const overlay = readOverlay(name);
  const schemas = new ServedCatalogue(schemasOf(projectRoot, one), overlay);
  return {
    provider: new SimulatedProvider({ name, kind: kindOf(name), schemas, overlay, ...world }),
    filter: new SchemaFilter(projectRoot, one, schemas, stores.buckets.read?.bind(stores.buckets)),
  };
}

function entryOf(address: string): ReattachEntry {
  return { Protocol: 'grpc', ProtocolVersion: 6, Pid: process.pid, Test: true, Addr: { Network: 'tcp', String: address } };
}
