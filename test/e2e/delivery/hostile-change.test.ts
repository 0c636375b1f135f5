import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { findTerraform } from '../../../terrace/terraform/binary';
import { openShop, type Shop } from '../../_helpers/shop';
import { network } from '../../_helpers/shop-tree';
import { terraceCli, type CliResult } from '../../_helpers/terrace-cli';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 60_000);
afterAll(() => shop.dispose());

const run = (args: readonly string[], env = shop.env): Promise<CliResult> => terraceCli(args, env);

test('G10: nothing of a shell but the allowed variables reaches a terraform, whatever a shell holds', async () => {
  const script = shop.at('terraform');
  writeFileSync(script, `#!/bin/sh\nenv > '${shop.at('seen-')}'"$1-$$"\nexec '${(await findTerraform()).path}' "$@"\n`);
  chmodSync(script, 0o700);
  shop.write([network()]);
  const hostile = {
    TERRAFORM_BINARY_NAME: script,
    GITHUB_TOKEN: 'github-token-in-the-shell',
    CLOUDFLARE_API_TOKEN: 'another-providers-token',
    TF_VAR_not_declared: 'a-variable-of-another-unit',
    TF_CLI_ARGS: '-no-such-flag',
    TF_CLI_ARGS_plan: '-target=terraform_data.vpc',
    TF_DATA_DIR: shop.at('elsewhere'),
    TF_WORKSPACE: 'other',
    TF_LOG: 'TRACE',
    NPM_TOKEN: 'a-token-of-npm',
  };
  const planned = await run(['plan', '--tree', shop.at('live'), '--out', shop.at('bundle')], { ...shop.env, ...hostile });
  expect(planned).toMatchObject({ code: 0 });
  const seen = readdirSync(shop.folder).filter((name) => name.startsWith('seen-'));
  expect([...new Set(seen.map((name) => name.split('-')[1]))].toSorted()).toEqual(['init', 'plan', 'show', 'version']);
  for (const name of seen) {
    const variables = readFileSync(shop.at(name), 'utf8').split('\n');
    const found = variables.filter((line) =>
      Object.entries(hostile).some(([key, value]) => line.startsWith(`${key}=`) || line.includes(value)),
    );
    expect([name, found]).toEqual([name, []]);
  }
  const inSandbox = readFileSync(shop.at(seen.find((name) => name.startsWith('seen-plan')) ?? ''), 'utf8');
  expect(inSandbox).toContain(`TERRACE_SANDBOX=${shop.env['TERRACE_SANDBOX'] ?? ''}`);
}, 60_000);
