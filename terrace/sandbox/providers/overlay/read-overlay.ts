import { readFileSync } from 'node:fs';

import { packageFile } from '../../../base/package-file';
import type { ProviderOverlay } from './overlay';

const known = new Map<string, ProviderOverlay>();

/** The overlay of a provider, from its data file; an empty one where there is no file. */
export function readOverlay(provider: string): ProviderOverlay {
  const found = known.get(provider);
  if (found !== undefined) return found;
  const overlay = load(packageFile(`sandbox/providers/overlay/${provider}.json`), provider);
  known.set(provider, overlay);
  return overlay;
}

function load(file: string, provider: string): ProviderOverlay {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProviderOverlay;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { provider, version: '', resources: {} };
    throw error;
  }
}
