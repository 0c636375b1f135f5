import { expect, test } from '@jest/globals';

import { isBesideSecret, isSecretName } from '../../terrace/model/secret-name';

test('what is called like a secret is one; its id, ARN, name or public half is none', () => {
  const secrets = [
    'db_password',
    'django_secret_key',
    'cloudflare_api_token',
    'stripe_secret_key',
    'tls_private_key',
    'firebase_credentials',
  ];
  const others = [
    'origin_pull_certificate_id',
    'cloudflare_account_id',
    'alarm_email',
    'secret_arn',
    'token_ttl',
    'public_key',
    'kms_key',
    'hostname',
  ];
  expect(secrets.filter((name) => !isSecretName(name))).toEqual([]);
  expect(others.filter(isSecretName)).toEqual([]);
  expect([isBesideSecret('arn'), isBesideSecret('public_key_pem'), isBesideSecret('result')]).toEqual([true, true, false]);
});
