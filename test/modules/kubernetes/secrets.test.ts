import { expect, test } from '@jest/globals';
import { Testing, TerraformVariable, type TerraformStack } from 'cdktf';

import { OpaqueSecret } from '../../../modules/kubernetes/opaque-secret';
import { refuseSecretSettings } from '../../../modules/kubernetes/secret-settings';
import { TerraceError } from '../../../terrace/base/errors';

/** What is refused, as `code place: found`. */
function refusals(build: () => void): readonly string[] {
  try {
    build();
  } catch (error) {
    if (error instanceof TerraceError) return error.problems.map(({ code, place, found }) => `${code} ${place}: ${found}`);
    throw error;
  }
  return [];
}

const place = { namespace: 'shop', labels: {} };

test('a secret of literals, and of variables that terraform would show, is refused', () => {
  const secret = (value: (stack: TerraformStack) => TerraformVariable): readonly string[] =>
    refusals(
      () =>
        void Testing.synthScope(
          (scope) =>
            void new OpaqueSecret(scope, 'secrets', { name: 'secrets', place, values: { PASSWORD: value(scope as TerraformStack) } }),
        ),
    );
  expect(secret((stack) => new TerraformVariable(stack, 'shown', { type: 'string' }))).toEqual([
    expect.stringMatching(/^E2701 .*\/secrets: PASSWORD is a variable that is not sensitive$/),
  ]);
  expect(secret((stack) => new TerraformVariable(stack, 'kept', { type: 'string', sensitive: true }))).toEqual([]);
  const literal: { readonly PASSWORD: unknown } = { PASSWORD: 'hunter2' };
  expect(
    refusals(
      () =>
        void Testing.synthScope(
          (scope) =>
            void new OpaqueSecret(scope, 'secrets', { name: 'secrets', place, values: literal as Record<string, TerraformVariable> }),
        ),
    ),
  ).toEqual([expect.stringMatching(/^E2701 .*\/secrets: PASSWORD is a literal$/)]);
});

test.each([
  ['SMTP_PASSWORD', 'x', true],
  ['api_key', 'x', true],
  ['BROKER', 'redis://user:word@broker:6379/0', true],
  ['BROKER', 'redis://broker:6379/0', false],
  ['TOKENS_PER_MINUTE', '10', false],
  ['EMAIL_HOST', 'smtp.gmail.com', false],
])('whether the setting %s=%s is refused: %s', (name, value, refused) => {
  expect(refusals(() => refuseSecretSettings('shop/backend', { [name]: value }))).toEqual(
    refused ? [`E2701 shop/backend: the setting ${name} holds a secret`] : [],
  );
});
