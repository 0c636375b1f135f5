import { readFileSync } from 'node:fs';

import { afterAll, expect, test } from '@jest/globals';

import type { Block, Type } from '../../../terrace/sandbox/providers/schema/schema';
import { localProvider } from '../../_helpers/simulated-provider';
import { packageFile } from '../../../terrace/base/package-file';

const aws = localProvider('aws', { region: 'eu-west-3' });
const azurerm = localProvider('azurerm', { features: [{}] });
const google = localProvider('google', { project: 'shop', region: 'europe-west3' });
afterAll(() => [aws, azurerm, google].forEach((one) => one.remove()));

test.each([
  ['aws', aws],
  ['azurerm', azurerm],
  ['google', google],
])('each address in the table of %s is a computed attribute of its type', (name, { provider }) => {
  const { addresses } = JSON.parse(readFileSync(packageFile(`sandbox/providers/forms/${name}.json`), 'utf8')) as {
    readonly addresses: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  const wrong = Object.entries(addresses).flatMap(([type, templates]) =>
    Object.keys(templates).filter((path) => !isComputed(provider.context.schemas.resource(type)?.block, path)),
  );
  expect(wrong).toEqual([]);
  expect(Object.keys(addresses).length).toBeGreaterThan(3);
});

/** Whether a dotted path leads to a computed attribute, through blocks or into an attribute of objects. */
function isComputed(block: Block | undefined, path: string): boolean {
  const [name = '', ...rest] = path.split('.');
  const attribute = block?.attributes?.[name];
  if (attribute === undefined) return rest.length > 0 && isComputed(block?.block_types?.[name]?.block, rest.join('.'));
  if (attribute.computed !== true || rest.length === 0) return attribute.computed === true;
  const { type } = attribute;
  const element = Array.isArray(type) && type[0] !== 'object' ? (type[1] as Type) : type;
  return Array.isArray(element) && element[0] === 'object' && rest.length === 1 && Object.hasOwn(element[1] as object, rest[0] ?? '');
}

test('services of AWS answer at names of their own form', async () => {
  const api = await aws.create('aws_apigatewayv2_api', { name: 'till', protocol_type: 'HTTP' });
  const id = String(api['id']);
  expect(api).toMatchObject({
    api_endpoint: `https://${id}.execute-api.eu-west-3.amazonaws.com`,
    execution_arn: `arn:aws:execute-api:eu-west-3:111122223333:${id}`,
  });
  const stage = async (name: string) => (await aws.create('aws_apigatewayv2_stage', { api_id: id, name }))['invoke_url'];
  expect(await stage('$default')).toBe(`https://${id}.execute-api.eu-west-3.amazonaws.com/`);
  expect(await stage('v1')).toBe(`https://${id}.execute-api.eu-west-3.amazonaws.com/v1`);
  const pool = await aws.create('aws_cognito_user_pool', { name: 'people' });
  expect(pool).toMatchObject({ endpoint: `cognito-idp.eu-west-3.amazonaws.com/${String(pool['id'])}`, domain: '' });
  const warehouse = await aws.create('aws_redshift_cluster', { cluster_identifier: 'dwh', node_type: 'ra3.large' });
  expect(warehouse['endpoint']).toBe(`${String(warehouse['dns_name'])}:5439`);
  expect(warehouse['dns_name']).toMatch(/^dwh\.[a-z0-9]{12}\.eu-west-3\.redshift\.amazonaws\.com$/);
});

test('services of Azure and Google answer at names of their own form', async () => {
  const place = { resource_group_name: 'rg', location: 'westeurope' };
  await azurerm.create('azurerm_resource_group', { name: 'rg', location: 'westeurope' });
  const server = await azurerm.create('azurerm_mssql_server', { name: 'till', ...place, version: '12.0' });
  expect(server['fully_qualified_domain_name']).toBe('till.database.windows.net');
  const registry = await azurerm.create('azurerm_container_registry', { name: 'till', ...place, sku: 'Basic' });
  expect(registry['login_server']).toBe('till.azurecr.io');
  const insights = await azurerm.create('azurerm_application_insights', { name: 'till', ...place, application_type: 'web' });
  expect(insights['connection_string']).toContain(`InstrumentationKey=${String(insights['instrumentation_key'])};`);
  const made = await google.create('google_cloudfunctions2_function', { name: 'till', location: 'europe-west3' });
  expect(made['url']).toBe('https://europe-west3-shop.cloudfunctions.net/till');
});
