import { readFileSync } from 'node:fs';

import { exitCodes, TerraceError } from '../../../base/errors';
import { messageOf } from '../../../base/message';
import type { NewResource } from './add-resource';

type Json = Readonly<Record<string, unknown>>;

/**
 * The objects in a file: a list of `{ type, values, account?, region? }`, what `cloud list --json` printed, a terraform state, or what
 * `terraform show -json` printed of one. Data sources are left out. Raises E5315 for a file that is none of them.
 */
export function readResources(file: string): NewResource[] {
  const raw = parse(file);
  const listed = Array.isArray(raw) ? raw : isObject(raw) ? (shownIn(raw) ?? raw['resources']) : undefined;
  const found = Array.isArray(listed) ? listed.flatMap((one: unknown) => (isObject(one) ? resourcesOf(one) : [])) : undefined;
  if (
    found === undefined ||
    (found.length === 0 && Array.isArray(listed) && listed.some((one) => !isObject(one) || one['mode'] !== 'data'))
  )
    throw unreadable(file, 'no list of objects with type and values, and no terraform state');
  return found;
}

/** Resources of all modules in what `terraform show -json` prints; undefined for anything else. */
function shownIn(raw: Json): Json[] | undefined {
  const values = raw['values'];
  if (typeof raw['format_version'] !== 'string') return undefined;
  return isObject(values) && isObject(values['root_module']) ? resourcesIn(values['root_module']) : [];
}

function resourcesIn(module: Json): Json[] {
  const own = Array.isArray(module['resources']) ? module['resources'] : [];
  const inner = Array.isArray(module['child_modules']) ? module['child_modules'] : [];
  return [
    ...own.filter(isObject).map((one) => ({ mode: one['mode'], type: one['type'], instances: [{ attributes: one['values'] }] })),
    ...inner.filter(isObject).flatMap(resourcesIn),
  ];
}

function resourcesOf(one: Json): NewResource[] {
  const { type, values, scope, instances, mode } = one;
  if (typeof type !== 'string') return [];
  if (Array.isArray(instances))
    return mode === 'data'
      ? []
      : instances.flatMap((instance: unknown) =>
          isObject(instance) && isObject(instance['attributes'])
            ? [{ type, values: known(instance['attributes']), existing: true as const, ...placeOf(type, instance['attributes']) }]
            : [],
        );
  if (!isObject(values)) return [];
  const [account, region] = typeof scope === 'string' ? scope.split('/') : [one['account'], one['region']];
  return [
    {
      type,
      values: known(values),
      ...(typeof account === 'string' && account !== '-' ? { account } : {}),
      ...(typeof region === 'string' && region !== 'global' ? { region } : {}),
    },
  ];
}

/** Where a resource of a state lives: account and region of an ARN, the subscription of an id of Azure, the project of one of Google. */
function placeOf(type: string, { arn, id, region, project }: Json): { readonly account?: string; readonly region?: string } {
  if (type.startsWith('google_')) return typeof project === 'string' ? { account: project } : {};
  const subscription = typeof id === 'string' ? /^\/subscriptions\/([^/]+)\//.exec(id)?.[1] : undefined;
  if (subscription !== undefined) return { account: subscription };
  const [, , , place = '', account = ''] = typeof arn === 'string' ? arn.split(':') : [];
  const own = place !== '' ? place : type.startsWith('aws_') && typeof region === 'string' ? region : '';
  return { ...(account === '' ? {} : { account }), ...(own === '' ? {} : { region: own }) };
}

function known(values: Json): Json {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== null && name !== 'timeouts'));
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unreadable(file, messageOf(error, file));
  }
}

function unreadable(file: string, found: string): TerraceError {
  return new TerraceError(
    {
      code: 'E5315',
      title: 'no simulated resources in the file',
      place: file,
      found,
      expected:
        '[{ "type": "aws_vpc", "values": { "cidr_block": "10.0.0.0/16" } }], the output of sandbox cloud list --json, or a terraform state',
      todo: 'correct the file',
    },
    exitCodes.wrongUsage,
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
