import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError } from '../../../base/errors';

/** What a fault is aimed at: all resources of a type, or those with these attributes. */
export interface FaultTarget {
  readonly type: string;
  readonly match?: Readonly<Record<string, unknown>>;
  readonly address?: string;
}

/**
 * A type, or an address of the configuration in a folder. Providers never learn addresses, so an address becomes the id that
 * the state knows, or else the literal attributes of its configuration. Raises E5309 when neither tells the resource.
 */
export async function resolveTarget(target: string, folder: string): Promise<FaultTarget> {
  if (/^[a-z0-9]+_[a-z0-9_]+$/.test(target)) return { type: target };
  const [, type = '', name = ''] = /(?:^|\.)([a-z0-9]+_[a-z0-9_]+)\.([A-Za-z0-9_-]+)(?:\[.*\])?$/.exec(target) ?? [];
  if (type === '') throw unresolved(target, 'it is neither a type nor an address such as aws_vpc.main');
  const id = idInState(target, folder);
  if (id !== undefined) return { type, match: { id }, address: target };
  const literals = await literalsOf(folder, type, name);
  if (literals === undefined) throw unresolved(target, `neither the state nor the configuration in ${folder} knows it`);
  if (Object.keys(literals).length === 0)
    throw unresolved(target, 'its configuration has no literal attribute to recognize it by, and the state does not know it yet');
  return { type, match: literals, address: target };
}

function idInState(address: string, folder: string): unknown {
  try {
    const state: unknown = JSON.parse(
      execFileSync('terraform', ['show', '-json'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    const resources = JSON.stringify(state).includes(address) ? collect(state) : [];
    return resources.find((one) => one['address'] === address)?.['id'];
  } catch {
    return undefined;
  }
}

/** Every resource of a `terraform show -json`, with its address and id, through child modules. */
function collect(value: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(collect);
  if (typeof value !== 'object' || value === null) return [];
  const own =
    'address' in value && 'values' in value && typeof value.values === 'object' && value.values !== null && 'id' in value.values
      ? [{ address: value.address, id: value.values.id }]
      : [];
  return [...own, ...Object.values(value).flatMap(collect)];
}

async function literalsOf(folder: string, type: string, name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  for (const file of readdirSync(folder)) {
    const text = readFileOf(folder, file);
    if (text === undefined) continue;
    const config: unknown = file.endsWith('.json') ? JSON.parse(text) : await hclToJson(file, text);
    const found = member(member(member(config, 'resource'), type), name);
    if (found !== undefined) return literals(Array.isArray(found) ? found[0] : found);
  }
  return undefined;
}

function readFileOf(folder: string, file: string): string | undefined {
  return /\.tf(\.json)?$/.test(file) ? readFileSync(path.join(folder, file), 'utf8') : undefined;
}

async function hclToJson(file: string, text: string): Promise<unknown> {
  const { parse } = await import('@cdktf/hcl2json');
  return parse(file, text);
}

function literals(config: unknown): Readonly<Record<string, unknown>> {
  if (typeof config !== 'object' || config === null) return {};
  return Object.fromEntries(
    Object.entries(config).filter(
      ([, value]) => typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && !value.includes('${')),
    ),
  );
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function unresolved(target: string, found: string): TerraceError {
  return new TerraceError(
    {
      code: 'E5309',
      title: 'unknown fault target',
      place: target,
      found,
      todo: 'give a type, or an address of the configuration in this folder (--folder)',
    },
    exitCodes.wrongUsage,
  );
}
