import { expect, test } from '@jest/globals';

import { isUnjudged } from '../../terrace/base/sandbox-shell';
import { recipientsFor } from '../../terrace/delivery/approve/rules';
import { refuseDirty } from '../../terrace/delivery/plan/changed-work-tree';
import { processEnvironments } from '../../terrace/delivery/terraform/process-environment';
import { parseState, refuseSandboxState, refuseSimulated } from '../../terrace/state/state-file';
import { judgeStates } from '../../terrace/state/verify';
import { sandboxShell } from '../_helpers/sandbox';
import { stateTarget, stateText } from '../_helpers/state-backend';

/** Variables that a shell may still have from a sandbox, none of which makes it one. */
const leftOvers: readonly NodeJS.ProcessEnv[] = [
  ...Object.entries(sandboxShell).map(([name, value]) => ({ [name]: value })),
  ...Object.keys(sandboxShell).map((name) => ({ ...sandboxShell, [name]: undefined })),
  { TF_REATTACH_PROVIDERS: '{"registry.terraform.io/hashicorp/aws":{}}' },
  { TERRACE_SANDBOX_DIR: '/somewhere/.sandbox' },
  { TERRACE_SANDBOX_UNJUDGED: 'yes' },
  { AWS_ENDPOINT_URL: 'http://127.0.0.1:20000' },
  { TF_DATA_DIR: '.terraform-sandbox' },
];
const real = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', TF_REATTACH_PROVIDERS: '{}' };
const marked = stateText({ private: Buffer.from('terrace-sandbox:0a1b2c').toString('base64') });

/** What each guard does in a shell: true where it lets through what only a sandbox may do. */
const guards: readonly (readonly [name: string, letsThrough: (env: NodeJS.ProcessEnv) => boolean | Promise<boolean>])[] = [
  ['a work tree with changes is planned', (env) => passes(() => refuseDirty({ dirty: true }, env))],
  [
    'state restore, recover and move write a simulated state',
    (env) => passes(() => refuseSandboxState(parseState(marked, 'here'), 'here', env)),
  ],
  ['plan, drift and status take a simulated state for a real one', (env) => passes(() => refuseSimulated(marked, 'here', env))],
  [
    'state verify says nothing of simulated resources',
    (env) => judgeStates([{ target: stateTarget('e/r/l/u'), text: marked, digest: undefined }], env)[0]?.status === 'fits',
  ],
  [
    'terraform gets TF_REATTACH_PROVIDERS',
    (env) => 'TF_REATTACH_PROVIDERS' in processEnvironments({ ...real, ...env }, { variables: [], providers: [], pass: [] }).run,
  ],
  ['provisioners run, and nobody judges', (env) => isUnjudged({ ...env, TERRACE_SANDBOX_UNJUDGED: 'yes' })],
];

async function passes(work: () => void): Promise<boolean> {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

test.each(guards)('%s in a sandbox, and with no variable of it that is left over', async (_, letsThrough) => {
  expect(await letsThrough({ ...sandboxShell })).toBe(true);
  for (const env of leftOvers) expect([env, await letsThrough(env)]).toEqual([env, false]);
});

test.each(leftOvers)('no keys of a sandbox are used for a bundle with %j', async (env) => {
  expect(await recipientsFor({}, env)).toEqual([]);
});
