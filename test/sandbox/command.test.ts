import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, expect } from '@jest/globals';

import { inOrder } from '../_helpers/in-order';
import { projectRoot } from '../_helpers/project-root';
import { stopSandbox } from '../../terrace/sandbox/control';
import { temporaryFolder } from '../_helpers/sandbox';

const test = inOrder();

const dir = temporaryFolder('terrace-command-');
afterAll(async () => {
  await stopSandbox(dir);
  rmSync(dir, { recursive: true, force: true });
});

const binary = path.join(projectRoot, 'terrace', 'bin', 'terrace.js');
const shell = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', TMPDIR: process.env['TMPDIR'] ?? '/tmp' };

function terrace(...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const run = spawnSync(process.execPath, [binary, 'sandbox', ...args], { encoding: 'utf8', env: shell });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

test('the life of a sandbox from the command line', () => {
  expect(terrace('status', '--dir', dir)).toMatchObject({ code: 1, out: `no sandbox in ${dir}\n` });
  expect(terrace('reset', '--dir', dir)).toMatchObject({ code: 0, out: 'nothing to reset\n' });
  expect(terrace('stop', '--dir', dir)).toMatchObject({ code: 0, out: 'not running\n' });

  const started = terrace('start', '--dir', dir);
  expect(started.code).toBe(0);
  expect(started.out).toMatch(/^sandbox [\da-f]{12} runs on 127\.0\.0\.1:\d+ \(process \d+\)\n/);
  expect(started.out).toContain('S3         0 buckets, 0 objects');
  expect(started.out).toContain('hashicorp/aws');
  const again: unknown = JSON.parse(terrace('start', '--dir', dir, '--json').out);
  expect(again).toMatchObject({ version: 1, dir, state: 'running', daemon: { ready: true } });
  expect(JSON.parse(terrace('status', '--dir', dir, '--json').out)).toEqual(again);

  const fault = terrace('fault', 'add', 's3', 'PUT', 'reset-after', '--match', 'terraform.tfstate', '--skip', '1', '--dir', dir);
  expect(fault).toMatchObject({ code: 0, out: 's1  s3  PUT reset-after  1×  with terraform.tfstate after 1\n' });
  const wrong = terrace('fault', 'add', 'sts', 'AssumeRole', 'error', '--status', '7', '--dir', dir);
  expect([wrong.code, wrong.err.match(/E5311/g)]).toEqual([64, ['E5311', 'E5311']]);
  expect(terrace('fault', 'clear', 's1', '--dir', dir).out).toBe('removed 1 fault\n');

  expect(terrace('reset', '--dir', dir)).toMatchObject({ code: 0 });
  expect(JSON.parse(terrace('status', '--dir', dir, '--json').out)).toMatchObject({ state: 'running', settings: { generation: 1 } });
  expect(terrace('stop', '--dir', dir)).toMatchObject({ code: 0, out: `stopped; the data stays in ${dir}\n` });
  expect(terrace('status', '--dir', dir)).toMatchObject({ code: 1 });
}, 600_000);

test('a shell that evaluates env is in the sandbox, and is as before after --unset', () => {
  const terraceEnv = `"${process.execPath}" "${binary}" sandbox env`;
  const script = `
    export AWS_PROFILE=production ARM_CLIENT_SECRET="it's \\$ecret" http_proxy=http://proxy.corp.example:3128
    before=$(env | sort)
    eval "$(${terraceEnv} --dir "${dir}")"
    echo "$AWS_ENDPOINT_URL_S3 \${AWS_PROFILE-none} \${ARM_CLIENT_SECRET-none} $http_proxy $TERRACE_SANDBOX_DIR"
    eval "$(${terraceEnv} --account 222233334444)"
    echo "$AWS_ACCESS_KEY_ID"
    case "$TF_REATTACH_PROVIDERS" in *'"Pid":'$$,*) echo own-pid ;; esac
    eval "$(${terraceEnv} --unset)"
    [ "$before" = "$(env | sort)" ] && echo as-before`;
  const run = spawnSync('sh', ['-eu', '-c', script], { encoding: 'utf8', env: shell });
  expect([run.status, run.stderr]).toEqual([0, '']);
  const [line = '', account, pid, after] = run.stdout.trim().split('\n');
  expect(line).toMatch(/^http:\/\/s3\.sandbox none none http:\/\/127\.0\.0\.1:\d+ \//);
  expect(line.endsWith(dir)).toBe(true);
  expect([account, pid, after]).toEqual(['SANDBOX222233334444', 'own-pid', 'as-before']);
}, 600_000);

test('env --json is for tools: every variable, an empty value for what is to be unset', () => {
  const { code, out } = terrace('env', '--dir', dir, '--account', '222233334444', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    dir,
    variables: { AWS_ACCESS_KEY_ID: 'SANDBOX222233334444', AWS_PROFILE: '', TF_DATA_DIR: '.terraform-sandbox' },
  });
}, 600_000);

test('leaving outside of a sandbox says so, and a wrong account is wrong usage', () => {
  expect(terrace('env', '--unset')).toEqual({ code: 0, out: '', err: 'this shell is not in a sandbox\n' });
  const wrong = terrace('env', '--dir', dir, '--account', 'production');
  expect([wrong.code, wrong.out]).toEqual([64, expect.stringMatching(/^false$/m)]);
  expect(wrong.err).toContain('E5006 not an account');
}, 600_000);

test.each([
  ['a folder that cannot be made', '--dir /proc/none/sandbox'],
  ['an option that there is not', '--acount 222233334444'],
])(
  'a shell that could not enter for %s fails, and if it goes on it has nothing to harm with',
  (_, flags) => {
    const terraceEnv = `"${process.execPath}" "${binary}" sandbox env`;
    const script = `
    export AWS_ACCESS_KEY_ID=AKIAREAL AWS_SECRET_ACCESS_KEY=real AWS_PROFILE=production HTTPS_PROXY= TF_REATTACH_PROVIDERS='{}'
    before=$(env | sort)
    eval "$(${terraceEnv} ${flags})" && echo entered
    echo "\${AWS_ACCESS_KEY_ID-none} \${AWS_SECRET_ACCESS_KEY-none} \${AWS_PROFILE-none} $HTTPS_PROXY $AWS_ENDPOINT_URL \${TERRACE_SANDBOX-none} \${TF_REATTACH_PROVIDERS-none}"
    eval "$(${terraceEnv} --unset)"
    [ "$before" = "$(env | sort)" ] && echo as-before`;
    const run = spawnSync('sh', ['-u', '-c', script], { encoding: 'utf8', env: shell });
    expect(run.stdout.trim().split('\n')).toEqual(['none none none http://127.0.0.1:1 http://127.0.0.1:1 none none', 'as-before']);
    expect(spawnSync('sh', ['-e', '-c', `eval "$(${terraceEnv} ${flags})"; echo went on`], { encoding: 'utf8', env: shell })).toMatchObject(
      {
        status: 1,
        stdout: '',
      },
    );
  },
  600_000,
);

test('entering clears what a shell adds to every command, and leaving restores it', () => {
  const script = `
    export TF_CLI_ARGS_plan=-target=x TF_WORKSPACE=w TF_ENCRYPTION='{}' TG_QUEUE_INCLUDE_DIR=d SSH_AUTH_SOCK=/agent AWS_EC2_METADATA_SERVICE_ENDPOINT=http://meta
    eval "$("${process.execPath}" "${binary}" sandbox env --dir "${dir}")"
    env | grep -E '^(TF_CLI_ARGS|TF_WORKSPACE|TF_ENCRYPTION|TG_|SSH_AUTH_SOCK|AWS_EC2_METADATA_SERVICE|GIT_ALLOW)'
    git -c protocol.version=2 ls-remote ssh://git@127.0.0.1:1/a 2>&1 | grep -o "transport 'ssh' not allowed"
    eval "$("${process.execPath}" "${binary}" sandbox env --unset)"
    echo "$TF_CLI_ARGS_plan $TF_WORKSPACE $TF_ENCRYPTION $TG_QUEUE_INCLUDE_DIR $SSH_AUTH_SOCK $AWS_EC2_METADATA_SERVICE_ENDPOINT \${GIT_ALLOW_PROTOCOL-none}"`;
  const run = spawnSync('sh', ['-u', '-c', script], { encoding: 'utf8', env: shell });
  expect(run.stdout.trim().split('\n')).toEqual([
    'GIT_ALLOW_PROTOCOL=file',
    "transport 'ssh' not allowed",
    '-target=x w {} d /agent http://meta none',
  ]);
}, 600_000);
