import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll } from '@jest/globals';

import { parsePlan, type PlanJson } from '../../../terrace/terraform/plan-json';
import type { JsonObject } from '../../../terrace/base/json';
import { findTerraform } from '../../../terrace/terraform/binary';
import { runTerraform } from '../../../terrace/terraform/run';
import { caseAddress, caseResources } from '../../review/_fixtures/case-files';
import { support } from '../../review/_fixtures/support';
import type { RuleCase } from '../../review/_fixtures/rule-cases/rule-case';
import { type TestSandbox, temporaryFolder } from '../../_helpers/sandbox';

interface Providers {
  readonly required: JsonObject;
  readonly provider: JsonObject;
}

/** What each folder's configuration says of its providers. */
const providers: Readonly<Record<string, Providers>> = {
  aws: { required: { aws: { source: 'hashicorp/aws' } }, provider: { aws: [{ region: 'eu-central-1' }] } },
  azure: {
    required: { azurerm: { source: 'hashicorp/azurerm' } },
    provider: { azurerm: [{ features: [{}], subscription_id: '00000000-0000-0000-0000-000000000000' }] },
  },
  cloudflare: {
    required: { cloudflare: { source: 'cloudflare/cloudflare' } },
    provider: { cloudflare: [{ api_token: 'sandboxsandboxsandboxsandboxsandboxsandb' }] },
  },
  hetzner: { required: { hcloud: { source: 'hetznercloud/hcloud' } }, provider: { hcloud: [{ token: 'sandbox'.repeat(9) + 's' }] } },
  kubernetes: { required: { kubernetes: { source: 'hashicorp/kubernetes' } }, provider: { kubernetes: [{ host: 'https://127.0.0.1:1' }] } },
  serverless: {
    required: { supabase: { source: 'supabase/supabase' }, upstash: { source: 'upstash/upstash' } },
    provider: { supabase: [{ access_token: 'sandbox' }], upstash: [{ email: 'sandbox@example.org', api_key: 'sandbox' }] },
  },
  google: { required: { google: { source: 'hashicorp/google' } }, provider: { google: [{ project: 'tp-154', region: 'europe-west1' }] } },
  none: { required: {}, provider: {} },
};

const opened: string[] = [];
afterAll(() => opened.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder in which terraform plans a change in the sandbox: apply what was, plan what shall be. */
export interface PlannedFolder {
  readonly folder: string;
  apply(configuration: JsonObject): Promise<void>;
  plan(configuration: JsonObject, args?: readonly string[]): Promise<PlanJson>;
}

/** Opens a folder of one of the provider sets; `init` runs at the first use. */
export async function plannedFolder(sandbox: TestSandbox, kind: string): Promise<PlannedFolder> {
  const binary = await findTerraform(process.env);
  const folder = temporaryFolder(`terrace-review-${kind}-`);
  opened.push(folder);
  const env = { ...sandbox.env(), TF_VAR_first: 'first-secret-value', TF_VAR_second: 'second-secret-value', TF_IN_AUTOMATION: '1' };
  let ready = false;
  const run = async (...args: readonly string[]): Promise<string> => {
    const result = await runTerraform(binary, { cwd: folder, args, env });
    if (result.exitCode !== 0) throw new Error(`terraform ${args[0]}: ${result.stderr}`);
    return result.stdout;
  };
  const write = async (configuration: JsonObject): Promise<void> => {
    const { required = {}, provider = {} } = providers[kind] ?? {};
    mkdirSync(folder, { recursive: true });
    const secret = { type: 'string', sensitive: true };
    writeFileSync(
      path.join(folder, 'main.tf.json'),
      JSON.stringify(
        { terraform: { required_providers: required }, provider, variable: { first: secret, second: secret }, ...configuration },
        undefined,
        2,
      ),
    );
    if (!ready) await run('init', '-no-color', '-input=false');
    ready = true;
  };
  return {
    folder,
    apply: async (configuration) => {
      await write(configuration);
      await run('apply', '-no-color', '-input=false', '-auto-approve');
    },
    plan: async (configuration, args = []) => {
      await write(configuration);
      await run('plan', '-no-color', '-input=false', '-out=tfplan', ...args);
      return parsePlan(await run('show', '-json', 'tfplan'), folder);
    },
  };
}

/** The real plan of a list of cases: everything before applied, everything after planned, in one folder. */
export async function planOfCases(sandbox: TestSandbox, kind: string, cases: readonly RuleCase[]): Promise<PlanJson> {
  const folder = await plannedFolder(sandbox, kind);
  const replaced = cases.flatMap((one, index) =>
    (['fires', 'silent'] as const).filter((side) => one[side].replace === true).map((side) => `-replace=${caseAddress(one, index, side)}`),
  );
  const resources = (when: 'before' | 'after'): JsonObject => {
    const own = caseResources(cases, when);
    const shared = support[kind] ?? {};
    return Object.fromEntries(
      [...new Set([...Object.keys(own), ...Object.keys(shared)])].map((type) => [type, { ...shared[type], ...own[type] }]),
    );
  };
  await folder.apply({ resource: resources('before') });
  return await folder.plan(
    { resource: { ...resources('after'), ...(kind === 'aws' ? { terraform_data: { later: { input: 'known after apply' } } } : {}) } },
    replaced,
  );
}
