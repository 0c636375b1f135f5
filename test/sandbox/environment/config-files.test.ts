import { expect, test } from '@jest/globals';

import { awsConfig, terraformConfig } from '../../../terrace/sandbox/environment/config-files';
import type { Credentials, EnvironmentModel, Model, SystemModel } from '../../../terrace/model/model';
import { defaultAccount, profilesOf } from '../../../terrace/sandbox/environment/synthesized';

const environment = (name: string, stateAccount: string, credentials: Credentials): EnvironmentModel => ({
  name,
  stateAccount,
  credentials,
});
const system = (name: string, environments: readonly EnvironmentModel[]): SystemModel => ({
  name,
  project: name,
  lock: 'dynamodb',
  liveTree: 'ignored',
  keyPrefix: '',
  environments,
});
const model: Model = {
  version: 1,
  commit: null,
  dirty: false,
  systems: [
    system('one', [
      environment('dev', '111122223333', { kind: 'profile', profile: 'dev' }),
      environment('prod', '444455556666', { kind: 'ambient' }),
    ]),
    system('two', [environment('dev', '444455556666', { kind: 'profile', profile: 'default' })]),
  ],
  units: [],
};

test('terraform installs from the mirror alone', () => {
  const text = terraformConfig('/projects/shop/.sandbox/mirror');
  expect(text).toContain('path    = "/projects/shop/.sandbox/mirror"');
  expect(text).toContain('filesystem_mirror');
  expect(text).not.toContain('direct');
  expect(text).toContain('disable_checkpoint = true');
});

test('each profile that an environment names is a key of its account', () => {
  expect(awsConfig(profilesOf(model), 'own')).toBe(
    '[profile dev]\naws_access_key_id = SANDBOX111122223333\naws_secret_access_key = own\n\n[default]\naws_access_key_id = SANDBOX444455556666\naws_secret_access_key = own\n',
  );
  expect(awsConfig([], 'own')).toBe('');
});

test("the ambient account is the first environment's, and a placeholder before the first synth", () => {
  expect([defaultAccount(model), defaultAccount(undefined)]).toEqual(['111122223333', '111111111111']);
});

test('terraform looks for a provider that nobody simulates in a folder whose name says what it is for and what to do', () => {
  const words = 'not simulated: it renders templates; use templatefile()';
  const text = terraformConfig('/projects/shop/.sandbox/mirror', [{ source: 'hashicorp/template', words }]);
  expect(text).toContain(`  filesystem_mirror {
    path    = "/projects/shop/.sandbox/absent/${words}"
    include = ["registry.terraform.io/hashicorp/template","registry.opentofu.org/hashicorp/template"]
  }
`);
  expect(text).toContain('exclude = ["registry.terraform.io/hashicorp/template","registry.opentofu.org/hashicorp/template"]');
});
