import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';
import { fromJson } from '../../../terrace/sandbox/providers/protocol/json';
import { isObject, type ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';
import { typeOfBlock } from '../../../terrace/sandbox/providers/schema/schema';

const aws = localProvider('aws', { region: 'eu-west-1' });
const google = localProvider('google', { project: 'shop', region: 'europe-west1' });
afterAll(() => [aws, google].forEach((one) => one.remove()));

/** The attributes that a change of some of them replaces the resource for. */
function replaced(one: typeof aws, type: string, before: object, after: object): readonly string[] {
  const block = one.provider.context.schemas.resource(type)?.block ?? {};
  const value = (json: object): ObjectValue => {
    const made = fromJson(json, typeOfBlock(block));
    return isObject(made) ? made : {};
  };
  const prior = value({ id: 'x', ...before });
  const { replace } = one.provider.plan(type, one.settings({ region: 'eu-west-1' }), value(after), value({ ...prior, ...after }), prior);
  return replace.filter((name) => name !== 'region' && name !== 'project');
}

test.each([
  [aws, 'aws_vpc', { instance_tenancy: 'default' }, { instance_tenancy: 'dedicated' }, ['instance_tenancy']],
  [aws, 'aws_vpc', { instance_tenancy: 'dedicated' }, { instance_tenancy: 'default' }, []],
  [aws, 'aws_ssm_parameter', { name: '/p', tier: 'Advanced' }, { name: '/p', tier: 'Standard' }, ['tier']],
  [aws, 'aws_ssm_parameter', { name: '/p', tier: 'Standard' }, { name: '/p', tier: 'Advanced' }, []],
  [google, 'google_compute_subnetwork', { ip_cidr_range: '10.0.0.0/20' }, { ip_cidr_range: '10.0.0.0/24' }, ['ip_cidr_range']],
  [google, 'google_compute_subnetwork', { ip_cidr_range: '10.0.0.0/20' }, { ip_cidr_range: '10.0.0.0/16' }, []],
  [google, 'google_compute_subnetwork', { ip_cidr_range: '10.0.0.0/20' }, { ip_cidr_range: '10.1.0.0/20' }, ['ip_cidr_range']],
] as const)('what replaces a resource depends on the value before (%#)', (one, type, before, after, expected) => {
  expect(replaced(one, type, before, after)).toEqual(expected);
});

test('an attribute that needs another one is refused without it', () => {
  const check = (config: ObjectValue) => () => aws.provider.validate('aws_secretsmanager_secret_version', config);
  expect(check({ secret_id: 's', secret_string_wo_version: 1 })).toThrow(
    'all of `secret_string_wo,secret_string_wo_version` must be specified',
  );
  expect(check({ secret_id: 's', secret_string_wo: 'x', secret_string_wo_version: 1 })).not.toThrow();
});
