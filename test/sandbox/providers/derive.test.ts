import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../../../terrace/base/errors';
import { projectRoot } from '../../_helpers/project-root';
import { Catalogue } from '../../../terrace/sandbox/providers/schema/catalogue';
import { readOverlay } from '../../../terrace/sandbox/providers/overlay/read-overlay';
import { packageOfType, providerPackages, providerVersion, type ProviderPackage } from '../../../terrace/terraform/provider-packages';
import type { NestedBlock } from '../../../terrace/sandbox/providers/schema/schema';
import { ServedCatalogue } from '../../../terrace/sandbox/providers/schema/served-catalogue';

const generated = providerPackages.filter(({ npm, written }) => npm === undefined && written === undefined);

/** What bindings cannot tell: marks, versions, and whether a child of a computed attribute is itself computed. */
const ambiguous: Readonly<Record<string, readonly string[]>> = {
  hcloud: [
    'hcloud_certificates',
    'hcloud_firewalls',
    'hcloud_floating_ips',
    'hcloud_load_balancer',
    'hcloud_load_balancers',
    'hcloud_networks',
    'hcloud_placement_groups',
    'hcloud_servers',
    'hcloud_volumes',
    'hcloud_zone',
  ],
  sentry: ['sentry_alert', 'sentry_dashboard', 'sentry_metric_alert'],
};

test.each(generated)('what is derived for $name is the schema that its bindings were made from', (one: ProviderPackage) => {
  const wanted = original(one);
  const derived = new Catalogue(projectRoot, one).all();
  expect(essential(derived.provider.block)).toEqual(essential(wanted.provider.block));
  const different: string[] = [];
  for (const kind of ['resource_schemas', 'data_source_schemas'] as const) {
    expect(Object.keys(derived[kind]).sort()).toEqual(Object.keys(wanted[kind]).sort());
    for (const [type, schema] of Object.entries(wanted[kind])) {
      if (JSON.stringify(essential(schema.block)) !== JSON.stringify(essential(derived[kind][type]?.block))) different.push(type);
    }
  }
  expect([...new Set(different)].sort()).toEqual(ambiguous[one.name] ?? []);
});

test('what is ambiguous differs only in the computed mark of optional children, or in how a computed-only object is written', () => {
  const hcloud = generated.find(({ name }) => name === 'hcloud');
  if (hcloud === undefined) throw new Error('no hcloud');
  const zone = new Catalogue(projectRoot, hcloud).find('hcloud_zone', 'resource')?.block;
  const servers = zone?.attributes?.['primary_nameservers']?.nested_type?.attributes;
  expect(servers?.['address']).toEqual({ type: 'string', required: true });
  expect(servers?.['tsig_key']).toMatchObject({ optional: true, computed: true });
});

test('prebuilt packages give back how many types they have, from the version that they name', () => {
  const counts = providerPackages
    .filter(({ name }) => ['aws', 'kubernetes', 'helm', 'random', 'tls'].includes(name))
    .map((one) => {
      const { resource_schemas: resources, data_source_schemas: data } = new Catalogue(projectRoot, one).all();
      return [one.name, providerVersion(projectRoot, one), Object.keys(resources).length, Object.keys(data).length];
    });
  expect(counts).toEqual([
    ['aws', '6.25.0', 1581, 630],
    ['kubernetes', '2.38.0', 82, 26],
    ['helm', '3.1.1', 1, 1],
    ['random', '3.7.2', 8, 0],
    ['tls', '4.1.0', 4, 2],
  ]);
});

test('attributes of struct type are objects in protocol 5 and nested types in protocol 6', () => {
  const route = schemaOf('aws_route_table').attributes?.['route'];
  expect(route).toMatchObject({
    optional: true,
    computed: true,
    type: ['set', ['object', { cidr_block: 'string', gateway_id: 'string' }]],
  });
  const rules = schemaOf('cloudflare_ruleset').attributes?.['rules'];
  expect(rules?.nested_type?.nesting_mode).toBe('list');
  expect(rules?.nested_type?.attributes['expression']).toMatchObject({ type: 'string' });
});

test('blocks have their nesting and their bounds', () => {
  expect(schemaOf('aws_vpc').block_types).toBeUndefined();
  expect(schemaOf('aws_lb_listener').block_types?.['default_action']).toMatchObject({ nesting_mode: 'list', min_items: 1 });
  expect(schemaOf('aws_route_table').block_types?.['timeouts']).toMatchObject({ nesting_mode: 'single' });
  expect(schemaOf('kubernetes_deployment_v1').block_types?.['spec']).toMatchObject({ nesting_mode: 'list', min_items: 1, max_items: 1 });
});

test('a value of any type is dynamic, and a collection block that holds what the bindings skip is served dynamic as a whole', () => {
  expect(schemaOf('cloudflare_zone_setting').attributes?.['value']).toEqual({ required: true, type: 'dynamic' });
  expect(schemaOf('aws_wafv2_web_acl').block_types?.['rule']?.block.block_types?.['statement']).toEqual({
    block: {},
    nesting_mode: 'list',
    skipped: true,
  });
  const aws = packageOfType('aws_quicksight_analysis');
  const served = new ServedCatalogue(new Catalogue(projectRoot, aws), readOverlay('aws')).resource('aws_quicksight_analysis');
  expect(served?.block.attributes?.['definition']).toEqual({ optional: true, type: 'dynamic' });
});

test('what the bindings leave out is served from its own data, to the depth that the provider has', () => {
  const served = new ServedCatalogue(new Catalogue(projectRoot, packageOfType('aws_vpc')), readOverlay('aws'));
  const statementOf = (type: string): NestedBlock | undefined =>
    served.resource(type)?.block.block_types?.['rule']?.block.block_types?.['statement'];
  const inside = (block: NestedBlock | undefined, ...names: readonly string[]): NestedBlock | undefined =>
    names.reduce((found, name) => found?.block.block_types?.[name], block);
  const acl = statementOf('aws_wafv2_web_acl');
  expect([acl?.nesting_mode, acl?.min_items, acl?.max_items]).toEqual(['list', 1, 1]);
  const levels = ['and_statement', 'statement', 'or_statement', 'statement', 'not_statement', 'statement'];
  expect(inside(acl, ...levels)?.block.block_types?.['geo_match_statement']?.block.attributes?.['country_codes']).toEqual({
    required: true,
    type: ['list', 'string'],
  });
  expect(inside(acl, ...levels, 'not_statement')).toBeUndefined();
  const scoped = ['rate_based_statement', 'scope_down_statement', 'and_statement', 'statement', 'not_statement', 'statement'];
  expect(inside(acl, ...scoped)).toMatchObject({ nesting_mode: 'list', min_items: 1 });
  expect(inside(acl, ...scoped, 'not_statement')).toBeUndefined();
  expect(inside(acl, ...scoped, 'byte_match_statement', 'text_transformation')).toEqual({
    block: { attributes: { priority: { required: true, type: 'number' }, type: { required: true, type: 'string' } } },
    nesting_mode: 'set',
    min_items: 1,
  });
  expect(inside(acl, 'managed_rule_group_statement')?.block.attributes?.['version']).toEqual({
    optional: true,
    computed: true,
    type: 'string',
  });
  expect(Object.keys(acl?.block.block_types ?? {})).toHaveLength(16);
  expect(Object.keys(statementOf('aws_wafv2_rule_group')?.block.block_types ?? {})).toHaveLength(14);
});

test('a type of no provider is a coded error', () => {
  expect(() => packageOfType('nowhere_thing')).toThrow(TerraceError);
  expect(() => packageOfType('nowhere_thing')).toThrow(/E5301 unknown provider {3}nowhere_thing/);
});

test('missing bindings are a coded error that names the package', () => {
  const none: ProviderPackage = { name: 'none', source: 'example/none', npm: '@cdktf/provider-none', style: 'object' };
  expect(() => new Catalogue(projectRoot, none)).toThrow(
    /E5302 bindings not installed {3}example\/none\n {2}no node_modules\/@cdktf\/provider-none/,
  );
});

function schemaOf(type: string): NonNullable<ReturnType<Catalogue['find']>>['block'] {
  const found = new Catalogue(projectRoot, packageOfType(type)).find(type, 'resource');
  if (found === undefined) throw new Error(`no ${type}`);
  return found.block;
}

interface Original {
  readonly provider: { readonly block: unknown };
  readonly resource_schemas: Readonly<Record<string, { readonly block: unknown }>>;
  readonly data_source_schemas: Readonly<Record<string, { readonly block: unknown }>>;
}

function original(one: ProviderPackage): Original {
  const file = path.join(projectRoot, 'schemas', `${one.name}@${providerVersion(projectRoot, one)}.json`);
  const content = JSON.parse(readFileSync(file, 'utf8')) as { provider_schemas: Record<string, Original> };
  const [found] = Object.values(content.provider_schemas);
  if (found === undefined) throw new Error(`no schema in ${file}`);
  return found;
}

/** A schema without marks that bindings do not carry, its members in one order. */
function essential(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essential);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([name, one]) =>
      !['deprecated', 'sensitive', 'write_only', 'description'].includes(name) &&
      !(name === 'attributes' && typeof one === 'object' && one !== null && Object.keys(one).length === 0),
  );
  return Object.fromEntries(kept.map(([name, one]) => [name, essential(one)] as const).sort(([left], [right]) => (left < right ? -1 : 1)));
}
