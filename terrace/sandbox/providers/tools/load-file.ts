import { readFileSync } from 'node:fs';

import { exitCodes, TerraceError } from '../../../base/errors';
import { messageOf } from '../../../base/message';
import type { NewResource } from './add-resource';

type Json = Readonly<Record<string, unknown>>;

/**
 * The objects in a file: a list of `{ type, values, account?, region? }`, what `cloud list --json` printed, or a terraform state.
 * Raises E5315 for a file that is none of them.
 */
export function readResources(file: string): NewResource[] {
  const raw = parse(file);
  const listed = Array.isArray(raw) ? raw : isObject(raw) && Array.isArray(raw['resources']) ? raw['resources'] : undefined;
  const found = listed?.flatMap((one: unknown) => (isObject(one) ? resourcesOf(one) : []));
  if (found === undefined || (found.length === 0 && (listed?.length ?? 0) > 0))
    throw unreadable(file, 'no list of objects with type and values, and no terraform state');
  return found;
}

function resourcesOf(one: Json): NewResource[] {
  const { type, values, scope, instances, mode } = one;
  if (typeof type !== 'string') return [];
  if (Array.isArray(instances))
    return mode === 'data'
      ? []
      : instances.flatMap((instance: unknown) =>
          isObject(instance) && isObject(instance['attributes'])
            ? [{ type, values: known(instance['attributes']), ...ofArn(instance['attributes']['arn']) }]
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

/** Account and region of a resource of aws are those of its ARN. */
function ofArn(arn: unknown): { readonly account?: string; readonly region?: string } {
  const [, , , region = '', account = ''] = typeof arn === 'string' ? arn.split(':') : [];
  return { ...(account === '' ? {} : { account }), ...(region === '' ? {} : { region }) };
}

function known(values: Json): Json {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== null && name !== 'timeouts'));
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unreadable(file, messageOf(error));
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
