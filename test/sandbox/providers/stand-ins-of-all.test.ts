import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { complete } from '../../../terrace/sandbox/providers/engine/completing';
import type { ResourceCall } from '../../../terrace/sandbox/providers/engine/context';
import { nameUnnamed } from '../../../terrace/sandbox/providers/engine/naming';
import { fromJson } from '../../../terrace/sandbox/providers/protocol/json';
import { isObject, type ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';
import { typeOfAttribute, typeOfBlock, type Block, type Type } from '../../../terrace/sandbox/providers/schema/schema';
import { RandomStream } from '../../../terrace/sandbox/providers/values/random-stream';
import { providerPackages } from '../../../terrace/terraform/provider-packages';
import { projectRoot } from '../../_helpers/project-root';
import { localProvider } from '../../_helpers/simulated-provider';
import { full } from '../../_helpers/where-available';

/** Types that are counted: all; those whose id is made up; those that have other made-up values, and how many of these. */
interface Count {
  types: number;
  ids: number;
  others: number;
  attributes: number;
}

/** google-beta has the types of google and some of its own. */
const settings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { aws: { region: 'eu-central-1' } };

/** An argument of some value; the least that a type asks for. */
function valueOf(name: string, type: Type): unknown {
  if (typeof type === 'string') return type === 'bool' ? true : type === 'number' ? 1 : name.replaceAll('_', '-');
  if (type[0] === 'object') return Object.fromEntries(Object.entries(type[1]).map(([member, inner]) => [member, valueOf(member, inner)]));
  return type[0] === 'map' ? {} : type[0] === 'tuple' ? [] : [valueOf(name, type[1])];
}

function least(block: Block): Readonly<Record<string, unknown>> {
  const required = Object.entries(block.attributes ?? {}).filter(
    ([name, attribute]) => attribute.required === true || (name === 'name' && attribute.optional === true),
  );
  const blocks = Object.entries(block.block_types ?? {}).filter(([, nested]) => nested.nesting_mode !== 'single');
  return Object.fromEntries([
    ...required.map(([name, attribute]) => [name, valueOf(name, typeOfAttribute(attribute))]),
    ...blocks.map(([name, nested]) => [name, (nested.min_items ?? 0) > 0 ? [least(nested.block)] : []]),
  ]) as Readonly<Record<string, unknown>>;
}

/** What follows from other resources, where they are there: here none is. */
async function tried(change: () => ObjectValue | undefined | Promise<ObjectValue | undefined>, before: ObjectValue): Promise<ObjectValue> {
  try {
    return (await change()) ?? before;
  } catch {
    return before;
  }
}

async function count(name: string): Promise<Count> {
  const counted: Count = { types: 0, ids: 0, others: 0, attributes: 0 };
  const local = localProvider(name, settings[name]);
  const { context } = local.provider;
  const base = local.settings(settings[name] ?? {});
  for (const [type, schema] of Object.entries(context.schemas.all().resource_schemas)) {
    const wanted = fromJson(least(schema.block), typeOfBlock(schema.block));
    if (!isObject(wanted)) continue;
    const planned = await tried(() => local.provider.plan(type, base, wanted, wanted, null).state, wanted);
    const call: ResourceCall = {
      provider: context,
      type,
      schema,
      settings: context.kind.settingsOf?.(base, planned, schema) ?? base,
      base,
    };
    const named = await tried(() => nameUnnamed(call, planned), planned);
    const made = await tried(() => context.kind.resources[type]?.create?.(call, named, new RandomStream('x'), wanted), named);
    const placed = await tried(() => context.kind.placed?.(call, made), made);
    const { standIns } = complete(call, placed, new RandomStream('x'));
    const others = standIns.filter((one) => one !== 'id').length;
    counted.types++;
    counted.ids += standIns.includes('id') ? 1 : 0;
    counted.others += others > 0 ? 1 : 0;
    counted.attributes += others;
  }
  local.remove();
  return counted;
}

/** The rows of the table in the documentation, by provider. */
const text = readFileSync(path.join(projectRoot, 'docs', 'simulated-providers.md'), 'utf8');
const section = text.slice(text.indexOf('## Made-up values'), text.indexOf('## What the cloud holds'));
const documented = new Map(
  [...section.matchAll(/^\| (\S+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map(([, name = '', ...numbers]) => [
    name,
    numbers.map(Number),
  ]),
);

const served = providerPackages.filter(
  ({ name }) => documented.has(name) && (full || ['hcloud', 'cloudflare', 'kubernetes'].includes(name)),
);

test('the documentation counts the made-up values of the large providers', () => {
  expect([...documented.keys()]).toEqual(expect.arrayContaining(['aws', 'azurerm', 'google-beta', 'cloudflare', 'kubernetes', 'hcloud']));
});

test.each(served.map(({ name }) => name))(
  'the documentation says of how many types of %s values are made up, and how many',
  async (name) => {
    const { types, ids, others, attributes } = await count(name);
    expect(documented.get(name)).toEqual([types, ids, others, attributes]);
  },
  120_000,
);
