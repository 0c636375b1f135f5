import type { ReattachEntry } from './daemon-record';
import { nextPort } from './port-block';
import type { CloudStores } from '../storage/stores';

/** What the simulated providers are served from. */
export interface ProviderOptions {
  /** One JSON file per simulated resource. */
  readonly cloudDir: string;
  readonly stores: CloudStores;
  readonly sandboxId: string;
  /** Port of the gateway, the first of the sandbox's block. */
  readonly gatewayPort: number;
  /** Ports by provider from earlier starts; a provider without one gets one now. */
  readonly ports: Readonly<Record<string, number>>;
  readonly projectRoot: string;
}

/** Providers that run. */
export interface RunningProviders {
  readonly reattach: Readonly<Record<string, ReattachEntry>>;
  readonly ports: Readonly<Record<string, number>>;
  /** Ends what is under way and begins anew with the stores as they are then; see `ServedProviders`. */
  reset(empty: () => void): void;
  stop(): Promise<void>;
}

/** Loads what serves providers, which is most of what a start takes. */
export async function loadProviders(): Promise<void> {
  const [{ pluginService }] = await Promise.all([import('../providers/protocol/definition'), import('../providers/serve')]);
  pluginService();
}

/** Serves the simulated providers, each on the port it had before. Throws when another program holds one of these ports. */
export async function startProviders(options: ProviderOptions): Promise<RunningProviders> {
  const [{ serveProviders }, { providerPackages }] = await Promise.all([
    import('../providers/serve'),
    import('../../terraform/provider-packages'),
  ]);
  const ports: Record<string, number> = { ...options.ports };
  for (const { name } of providerPackages) ports[name] ??= await nextPort(options.gatewayPort, Object.values(ports));
  const wanted = { ...ports };
  const served = await serveProviders({ ...options, ports });
  const lost = Object.keys(wanted).find((name) => ports[name] !== wanted[name]);
  if (lost !== undefined) {
    await served.stop();
    throw new Error(
      `port ${wanted[lost]} of the simulated provider ${lost} is held by another program; choose other ports: npx --no terrace sandbox start --new-ports`,
    );
  }
  return { reattach: served.reattach, ports, reset: (empty) => served.reset(empty), stop: () => served.stop() };
}
