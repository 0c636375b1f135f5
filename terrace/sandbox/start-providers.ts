import { existsSync } from 'node:fs';
import path from 'node:path';

import type { ReattachEntry } from './daemon-record';
import type { CloudStores } from './stores';

/** What the simulated providers are served from. */
export interface ProviderOptions {
  /** One JSON file per simulated resource. */
  readonly cloudDir: string;
  readonly stores: CloudStores;
  readonly sandboxId: string;
  /** Ports by provider, kept over restarts; a provider without one chooses and adds it. */
  readonly ports: Record<string, number>;
  readonly projectRoot: string;
}

/** Providers that run. */
export interface RunningProviders {
  readonly reattach: Readonly<Record<string, ReattachEntry>>;
  stop(): Promise<void>;
}

/** Starts the simulated providers; none where this build has none. */
export async function startProviders(options: ProviderOptions): Promise<RunningProviders> {
  if (!existsSync(path.join(__dirname, 'providers', 'index.js'))) return { reattach: {}, stop: async () => undefined };
  const module: unknown = await import('./providers/index.js' as string);
  if (!isProviders(module)) throw new Error('terrace/sandbox/providers does not export serveProviders');
  return module.serveProviders(options);
}

function isProviders(module: unknown): module is { serveProviders(options: ProviderOptions): Promise<RunningProviders> } {
  return typeof module === 'object' && module !== null && 'serveProviders' in module;
}
