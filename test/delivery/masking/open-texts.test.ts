import { expect, test } from '@jest/globals';

import { unitScopes } from '../../../terrace/delivery/judgement/unit-scopes';
import { literalsOf } from '../../../terrace/terraform/scope';

test('open are plain words and what stands in several places; a password in the one argument for it is not, nor a default of a variable', async () => {
  const main = {
    variable: { token: { type: 'string', sensitive: true, default: 'default-of-7' } },
    resource: {
      cloudflare_workers_script: {
        api: {
          bindings: [
            { name: 'ENVIRONMENT', text: 'preview' },
            { name: 'ROUTES', text: '{"uptime":["pagerduty"],"key":"hunter2-Json"}' },
          ],
          account_id: 'a1b2c3d4',
          script_name: 'app-${var.token}',
        },
      },
      cloudflare_r2_bucket: { files: { account_id: 'a1b2c3d4', name: 'files-7' } },
      aws_db_instance: { main: { password: 'hunter2-Literal' } },
    },
  };
  const open = literalsOf(await unitScopes(new Map([['main.tf.json', Buffer.from(JSON.stringify(main))]])));
  const asked = ['preview', 'a1b2c3d4', 'pagerduty', 'hunter2-Literal', 'hunter2-Json', 'default-of-7'];
  expect(asked.filter((text) => open.has(text))).toEqual(['preview', 'a1b2c3d4', 'pagerduty']);
});
