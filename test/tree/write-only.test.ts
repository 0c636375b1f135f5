import { expect, test } from '@jest/globals';

import { withWriteOnly } from '../../terrace/tree/write-only';

const written = (json: object, version = 1) => withWriteOnly('lab/dev/eu-central-1/a/b', { ...json }, version);

test('a secret that a provider takes in a write-only argument is handed over there, with the version that sends it again', () => {
  const { json, problems } = written(
    {
      variable: { held: { sensitive: true } },
      resource: {
        aws_db_instance: { db: { identifier: 'db', password: '${var.held}', lifecycle: { ignore_changes: ['password', 'tags'] } } },
        aws_rds_cluster: { none: { master_password: null } },
        azurerm_key_vault_secret: { one: { value: '${var.held}' } },
        kubernetes_secret_v1: { one: { data: { a: '${var.held}' } } },
      },
    },
    7,
  );
  expect([problems, json['resource']]).toEqual([
    [],
    {
      aws_db_instance: {
        db: { identifier: 'db', password_wo: '${var.held}', password_wo_version: 7, lifecycle: { ignore_changes: ['tags'] } },
      },
      aws_rds_cluster: { none: { master_password: null } },
      azurerm_key_vault_secret: { one: { value_wo: '${var.held}', value_wo_version: 7 } },
      kubernetes_secret_v1: { one: { data_wo: { a: '${var.held}' }, data_wo_revision: 7 } },
    },
  ]);
});

test('a parameter that is no secret stays what it is', () => {
  const resource = {
    aws_ssm_parameter: { open: { type: 'String', value: 'a' }, held: { type: 'SecureString', value: 'b' } },
    aws_sqs_queue: { one: { name: 'password' } },
  };
  expect(written({ resource }).json['resource']).toEqual({
    aws_ssm_parameter: { open: { type: 'String', value: 'a' }, held: { type: 'SecureString', value_wo: 'b', value_wo_version: 1 } },
    aws_sqs_queue: { one: { name: 'password' } },
  });
});

test('a random password that only write-only arguments read becomes ephemeral; one that is read elsewhere stays', () => {
  const { json } = written({
    resource: {
      random_password: { held: { length: 32, keepers: { a: 'b' } }, held_too: { length: 24 }, unread: { length: 8 } },
      aws_db_instance: { db: { password: '${random_password.held.result}' } },
      aws_secretsmanager_secret_version: {
        url: { secret_string: 'postgres://app:${random_password.held.result}@${aws_db_instance.db.address}/x' },
        other: { secret_string: '${random_password.held_too.result}' },
      },
      aws_elasticache_replication_group: { cache: { auth_token: '${random_password.held_too.result}' } },
    },
  });
  expect(json).toEqual({
    ephemeral: { random_password: { held: { length: 32 } } },
    resource: {
      random_password: { held_too: { length: 24 }, unread: { length: 8 } },
      aws_db_instance: { db: { password_wo: '${ephemeral.random_password.held.result}', password_wo_version: 1 } },
      aws_secretsmanager_secret_version: {
        url: {
          secret_string_wo: 'postgres://app:${ephemeral.random_password.held.result}@${aws_db_instance.db.address}/x',
          secret_string_wo_version: 1,
        },
        other: { secret_string_wo: '${random_password.held_too.result}', secret_string_wo_version: 1 },
      },
      aws_elasticache_replication_group: { cache: { auth_token: '${random_password.held_too.result}' } },
    },
  });
});

test('a secret that something reads back from the resource is refused: it would read nothing', () => {
  const { problems } = written({
    resource: {
      aws_secretsmanager_secret_version: { held: { secret_string: '${var.held}' } },
      terraform_data: { reader: { input: '${aws_secretsmanager_secret_version.held.secret_string}' } },
    },
  });
  expect(problems.map(({ code, found }) => [code, found.split(' ')[0]])).toEqual([
    ['E1323', 'aws_secretsmanager_secret_version.held.secret_string'],
  ]);
});
