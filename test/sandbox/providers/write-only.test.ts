import { afterAll, expect, test } from '@jest/globals';

import { localProvider, type LocalProvider } from '../../_helpers/simulated-provider';
import type { ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';

const aws = localProvider('aws', { region: 'eu-west-1' });
const azurerm = localProvider('azurerm', { features: [{}] });
const google = localProvider('google', { project: 'shop' });
const kubernetes = localProvider('kubernetes');
const helm = localProvider('helm');
afterAll(() => [aws, azurerm, google, kubernetes, helm].forEach((one) => one.remove()));

function refusals(one: LocalProvider, type: string, config: ObjectValue): string {
  try {
    one.provider.validate(type, config);
    return '';
  } catch (error) {
    return String(error);
  }
}

test.each([
  [aws, 'aws_docdb_cluster', 'master_password_wo'],
  [aws, 'aws_redshiftserverless_namespace', 'admin_user_password_wo'],
  [aws, 'aws_transfer_host_key', 'host_key_body_wo'],
  [azurerm, 'azurerm_mssql_server', 'administrator_login_password_wo'],
  [google, 'google_sql_user', 'password_wo'],
  [google, 'google_secret_manager_secret_version', 'secret_data_wo'],
  [kubernetes, 'kubernetes_secret', 'binary_data_wo'],
  [helm, 'helm_release', 'set_wo'],
] as const)('%# %s takes %s and keeps it nowhere, which no overlay has to say', (one, type, name) => {
  expect(one.provider.context.schemas.resource(type)?.block.attributes?.[name]?.write_only).toBe(true);
});

test('what is computed is no write-only argument, and a data source has none', () => {
  expect(aws.provider.context.schemas.resource('aws_ssm_parameter')?.block.attributes?.['has_value_wo']?.write_only).toBeUndefined();
  expect(helm.provider.context.schemas.dataSource('helm_template')?.block.attributes?.['set_wo']?.write_only).toBeUndefined();
});

test('a write-only argument stands in no state, nor does a list of them', async () => {
  const cluster = await aws.create('aws_docdb_cluster', {
    cluster_identifier: 'docs',
    master_username: 'root',
    master_password_wo: 'open sesame',
    master_password_wo_version: 3,
  });
  expect(cluster).toMatchObject({ master_password_wo: null, master_password_wo_version: 3 });
  const release = await helm.create('helm_release', {
    name: 'web',
    chart: 'web',
    set_wo: [{ name: 'password', value: 'open sesame' }],
    set_wo_revision: 1,
  });
  expect(release).toMatchObject({ set_wo: null, set_wo_revision: 1 });
});

test.each([
  [aws, 'aws_db_instance', { password: 'a', password_wo: 'b', password_wo_version: 1 }],
  [aws, 'aws_db_instance', { password: 'a', manage_master_user_password: true }],
  [aws, 'aws_db_instance', { password_wo: 'b', password_wo_version: 1, manage_master_user_password: true }],
  [aws, 'aws_docdb_cluster', { master_password: 'a', master_password_wo: 'b', master_password_wo_version: 1 }],
  [aws, 'aws_redshift_cluster', { master_password: 'a', manage_master_password: true }],
  [azurerm, 'azurerm_mysql_flexible_server', { administrator_password: 'a', administrator_password_wo: 'b' }],
  [google, 'google_sql_user', { password: 'a', password_wo: 'b', password_wo_version: 1 }],
  [kubernetes, 'kubernetes_secret_v1', { data: { a: 'b' }, data_wo: { a: 'b' } }],
] as const)('a secret is given in one way only (%#)', (one, type, config) => {
  expect(refusals(one, type, config).match(/conflicts with/g)).toHaveLength(1);
});

test.each([
  [aws, 'aws_db_instance', { password_wo: 'b' }, { password_wo_version: 1 }],
  [aws, 'aws_db_instance', { password_wo_version: 1 }, { password_wo: 'b' }],
  [aws, 'aws_secretsmanager_secret_version', { secret_string_wo: 'b' }, { secret_string_wo_version: 1 }],
  [azurerm, 'azurerm_postgresql_flexible_server', { administrator_password_wo: 'b' }, { administrator_password_wo_version: 1 }],
  [google, 'google_sql_user', { password_wo_version: 1 }, { password_wo: 'b' }],
  [kubernetes, 'kubernetes_secret_v1', { binary_data_wo_revision: 1 }, { binary_data_wo: { a: 'b' } }],
] as const)('a write-only argument and its version go together (%#)', (one, type, alone, other) => {
  expect(refusals(one, type, { ...alone })).toMatch(/all of `[\w.,]+` must be specified/);
  expect(refusals(one, type, { ...alone, ...other })).not.toContain('must be specified');
});

test('a revision is asked for by no data of Kubernetes, and settings of a release go beside each other', () => {
  expect(refusals(kubernetes, 'kubernetes_secret_v1', { data_wo: { a: 'b' } })).toBe('');
  expect(refusals(helm, 'helm_release', { set: [{ name: 'a', value: 'b' }], set_wo: [{ name: 'c', value: 'd' }] })).toBe('');
});
