import { afterAll, expect, test } from '@jest/globals';

import { localProvider, type LocalProvider } from '../../_helpers/simulated-provider';
import { namingsOf } from '../../../terrace/sandbox/providers/engine/naming';
import { Refusal, Refusals } from '../../../terrace/sandbox/providers/engine/refusal';
import type { TypeOverlay } from '../../../terrace/sandbox/providers/overlay/overlay';
import { fromJson } from '../../../terrace/sandbox/providers/protocol/json';
import { typeOfAttribute, typeOfBlock, type Block, type Type } from '../../../terrace/sandbox/providers/schema/schema';

const aws = localProvider('aws', { region: 'eu-west-1' });
const google = localProvider('google', { project: 'shop', region: 'europe-west1' });
const kubernetes = localProvider('kubernetes');
afterAll(() => [aws, google, kubernetes].forEach((one) => one.remove()));

const suffix = '20\\d{16}[0-9a-f]{8}';

test.each([
  ['aws_iam_role', { name_prefix: 'job-', assume_role_policy: '{}' }, 'name', 'job-'],
  ['aws_cloudwatch_log_group', { name_prefix: '/x/' }, 'name', '/x/'],
  ['aws_key_pair', { key_name_prefix: 'ops-', public_key: 'ssh-ed25519 AAAA' }, 'key_name', 'ops-'],
  ['aws_s3_bucket', { bucket_prefix: 'logs-' }, 'bucket', 'logs-'],
  ['aws_launch_configuration', { name_prefix: 'lc-', image_id: 'ami-1', instance_type: 't3.micro' }, 'name', 'lc-'],
  ['aws_iam_group', { name: 'plain' }, 'name', 'plain'],
] as const)('%s is named first, and its id and ARN follow from the name', async (type, config, name, begins) => {
  const state = await aws.create(type, config);
  expect(state[name]).toMatch(new RegExp(`^${begins}${begins === 'plain' ? '' : suffix}$`));
  expect(state['id']).toBe(state[name]);
  expect(state['arn']).toContain(String(state[name]));
});

test('equal configurations get different names, and a resource without any name begins with terraform-', async () => {
  const config = { name_prefix: 'same-', assume_role_policy: '{}' };
  const [one, two] = [await aws.create('aws_iam_role', config), await aws.create('aws_iam_role', config)];
  expect(one['name']).not.toBe(two['name']);
  const group = await aws.create('aws_security_group', {});
  expect(group['name']).toMatch(new RegExp(`^terraform-${suffix}$`));
  expect(group['name_prefix']).toBe('terraform-');
  const queue = await aws.create('aws_sqs_queue', { name_prefix: 'jobs-', fifo_queue: true });
  expect([queue['name'], queue['url']]).toEqual([
    expect.stringMatching(new RegExp(`^jobs-${suffix}\\.fifo$`)),
    `https://sqs.eu-west-1.amazonaws.com/111122223333/${String(queue['name'])}`,
  ]);
});

test.each([
  ['aws_lb', {}, 'name', 'name_prefix', 'tf-lb-'],
  ['aws_lb_target_group', {}, 'name', 'name_prefix', 'tf-'],
  ['aws_kms_alias', { target_key_id: 'alias/aws/s3' }, 'name', 'name_prefix', 'alias/'],
  ['aws_docdb_cluster', {}, 'cluster_identifier', 'cluster_identifier_prefix', 'tf-'],
  ['aws_rds_cluster', { engine: 'aurora-mysql' }, 'cluster_identifier', 'cluster_identifier_prefix', 'tf-'],
  ['aws_db_instance', { instance_class: 'db.t4g.micro', engine: 'mysql' }, 'identifier', 'identifier_prefix', 'terraform-'],
] as const)('%s without any name begins as the provider has it', async (type, config, name, prefix, begins) => {
  const state = await aws.create(type, config);
  expect(state[name]).toMatch(new RegExp(`^${begins}${suffix}$`));
  expect(state[prefix]).toBe(begins);
});

test('a name that may be left out and has no prefix is unique in the world too', async () => {
  const [one, two] = [
    await aws.create('aws_sagemaker_model', { execution_role_arn: 'r' }),
    await google.create('google_sql_database_instance', { database_version: 'MYSQL_8_0' }),
  ];
  expect([one['name'], two['name']]).toEqual([
    expect.stringMatching(new RegExp(`^terraform-${suffix}$`)),
    expect.stringMatching(new RegExp(`^terraform-${suffix}$`)),
  ]);
  expect([one['id'], two['self_link']]).toEqual([one['name'], expect.stringContaining(String(two['name']))]);
});

test('Google shortens the suffix of a long prefix, Kubernetes adds five characters to generate_name', async () => {
  const prefix = 'a-template-with-a-name-of-forty-letters-';
  const template = await google.create('google_compute_instance_template', {
    name_prefix: prefix,
    machine_type: 'e2-small',
    disk: [],
    network_interface: [],
  });
  expect(template['name']).toMatch(new RegExp(`^${prefix}\\d{9}$`));
  expect(template['id']).toContain(String(template['name']));
  const space = await kubernetes.create('kubernetes_namespace', { metadata: [{ generate_name: 'job-' }] });
  expect(space['id']).toMatch(/job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('every argument of aws that is a prefix belongs to a computed name', () => {
  const { schemas } = aws.provider.context;
  expect(namingsOf(schemas.resource('aws_rds_cluster')?.block ?? {})).toEqual([
    { name: 'cluster_identifier', prefix: 'cluster_identifier_prefix' },
  ]);
  expect(namingsOf(schemas.resource('aws_eks_node_group')?.block ?? {})).toEqual([
    { name: 'node_group_name', prefix: 'node_group_name_prefix' },
  ]);
});

test('an apply is never answered with an empty id: the type and its overlay are named', async () => {
  await expect(aws.create('aws_cloudwatch_dashboard', { dashboard_name: '', dashboard_body: '{}' })).rejects.toMatchObject({
    problems: [{ code: 'E5317', place: 'aws_cloudwatch_dashboard', todo: expect.stringContaining('overlay/aws.json') }],
  });
});

test('ids have the form of their provider', async () => {
  expect((await aws.create('aws_kms_key', { multi_region: true }))['id']).toMatch(/^mrk-[0-9a-f]{32}$/);
  expect((await aws.create('aws_kms_external_key', {}))['id']).toMatch(/^[0-9a-f-]{36}$/);
  expect((await aws.create('aws_ebs_volume', { availability_zone: 'eu-west-1a', size: 1 }))['arn']).toMatch(
    /^arn:aws:ec2:eu-west-1:111122223333:volume\/vol-[0-9a-f]{17}$/,
  );
  const [plain, dual] = [
    await aws.create('aws_vpc', { cidr_block: '10.0.0.0/16' }),
    await aws.create('aws_vpc', { cidr_block: '10.0.0.0/16', assign_generated_ipv6_cidr_block: true }),
  ];
  expect(plain['ipv6_association_id']).toBe('');
  expect(dual['ipv6_association_id']).toMatch(/^vpc-cidr-assoc-[0-9a-f]{17}$/);
  expect((await aws.create('aws_vpc_peering_connection', { vpc_id: 'vpc-1', peer_vpc_id: 'vpc-2' }))['id']).toMatch(/^pcx-[0-9a-f]{17}$/);
  expect((await google.create('google_compute_address', { name: 'front' }))['self_link']).toBe(
    'https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west1/addresses/front',
  );
});

test('what an id is made of and nobody says is made first, by the form that the service gives it', async () => {
  expect(await google.create('google_monitoring_alert_policy', { display_name: 'd', combiner: 'OR', conditions: [] })).toMatchObject({
    id: expect.stringMatching(/^projects\/shop\/alertPolicies\/\d{19}$/),
    name: expect.stringMatching(/^projects\/shop\/alertPolicies\/\d{19}$/),
  });
  const folder = await google.create('google_folder', { display_name: 'd', parent: 'organizations/1' });
  expect([folder['id'], folder['folder_id']]).toEqual([expect.stringMatching(/^folders\/\d{12}$/), String(folder['name']).slice(8)]);
  expect((await google.create('google_spanner_instance', { name: 'one', config: 'c', display_name: 'd' }))['id']).toBe('shop/one');
  expect((await aws.create('aws_glue_catalog_database', { name: 'sales' }))['id']).toBe('111122223333:sales');
  expect((await aws.create('aws_ecs_service', { name: 'web' }))['arn']).toBe('arn:aws:ecs:eu-west-1:111122223333:service/default/web');
});

test('an object of Kubernetes without a name or generate_name is refused as the API server does', async () => {
  await expect(kubernetes.create('kubernetes_secret_v1', { metadata: [{ labels: { a: 'b' } }] })).rejects.toThrow(
    'name or generateName is required',
  );
});

/** The required arguments of a type, with a text, number or object of no meaning. */
function required(block: Block, rules: TypeOverlay | undefined, prefix = ''): Record<string, unknown> {
  const attributes = Object.entries(block.attributes ?? {}).filter(([, one]) => one.required === true);
  const blocks = Object.entries(block.block_types ?? {}).filter(([name, { min_items }]) => name === 'metadata' || (min_items ?? 0) > 0);
  return Object.fromEntries([
    ...attributes.map(([name, one]) => [name, rules?.oneOf?.[`${prefix}${name}`]?.[0] ?? sample(typeOfAttribute(one), name)]),
    ...blocks.map(([name, nested]) => {
      const inner = { ...required(nested.block, rules, `${prefix}${name}.`), ...(name === 'metadata' ? { name: 'one' } : {}) };
      return [name, nested.nesting_mode === 'single' ? inner : [inner]];
    }),
  ]);
}

/** Whether a configuration does not come as far as an apply. */
function isRefused(one: LocalProvider, type: string, given: object): boolean {
  try {
    one.provider.validate(type, fromJson(given, typeOfBlock(one.provider.context.schemas.resource(type)?.block ?? {})));
    return false;
  } catch (error) {
    return error instanceof Refusals;
  }
}

function sample(type: Type, name: string): unknown {
  if (type === 'number') return 1;
  if (type === 'bool') return true;
  if (typeof type === 'string') return /cidr/.test(name) ? '10.0.0.0/16' : `${name.replaceAll('_', '-')}-v`;
  if (type[0] === 'list' || type[0] === 'set') return [sample(type[1], name)];
  if (type[0] === 'map') return { key: sample(type[1], name) };
  return type[0] === 'object' ? Object.fromEntries(Object.entries(type[1]).map(([key, one]) => [key, sample(one, key)])) : [];
}

const full = process.env['TERRACE_FULL'] === '1';
test.each(full ? ['aws', 'azurerm', 'google', 'cloudflare', 'hcloud', 'kubernetes'] : ['hcloud', 'kubernetes'])(
  'every type of %s gets an id and an ARN, or a refusal in the words of its service',
  async (name) => {
    const config = name === 'aws' ? { region: 'eu-west-1' } : name === 'azurerm' ? { features: [{}] } : {};
    const one = localProvider(name, config);
    const { schemas, overlay } = one.provider.context;
    const wrong: string[] = [];
    for (const [type, { block }] of Object.entries(schemas.all().resource_schemas)) {
      const given = required(block, overlay.resources[type]);
      await one.create(type, given).catch((error: unknown) => {
        if (error instanceof Refusal || isRefused(one, type, given)) return;
        wrong.push(`${type}: ${String(error).slice(0, 200)}`);
      });
    }
    one.remove();
    expect(wrong).toEqual([]);
  },
  300_000,
);
