import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { findTerraform } from '../../../terrace/terraform/binary';
import { projectRoot } from '../../_helpers/project-root';

import type { Host } from './host';

export interface RunnerVariables {
  /** Of every job. */
  readonly base: NodeJS.ProcessEnv;
  /** Of jobs that can prove who they are, beside those. */
  readonly cloud: NodeJS.ProcessEnv;
}

/**
 * Programs of the runner in a folder, and what stands for the cloud's addresses. Installing is linking here, which runs a change's scripts where
 * nobody forbids it; the program of a commit is built once.
 * `more` are programs that this machine has not, by their names.
 */
export async function runnerPrograms(
  bin: string,
  env: NodeJS.ProcessEnv,
  host: Host,
  more: Readonly<Record<string, string>> = {},
): Promise<RunnerVariables> {
  mkdirSync(bin);
  const program = (name: string, text: string): void => {
    writeFileSync(path.join(bin, name), text);
    chmodSync(path.join(bin, name), 0o755);
  };
  const { path: terraform } = await findTerraform(env);
  // What stands for the registry and for the clouds of its providers: a terraform that signed in to nothing finds them too.
  const registry = [
    'TERRACE_SANDBOX',
    'TERRACE_SANDBOX_DIR',
    'TF_CLI_CONFIG_FILE',
    'HTTP_PROXY',
    'NO_PROXY',
    'AWS_ENDPOINT_URL_S3',
    'AWS_ENDPOINT_URL_DYNAMODB',
    'AWS_ENDPOINT_URL_STS',
  ]
    .map((name) => `export ${name}="\${${name}:-${env[name] ?? ''}}"\n`)
    .join('');
  program(
    'terraform',
    `#!/bin/bash\n${registry}export TF_DISABLE_PLUGIN_TLS=1 AWS_ACCESS_KEY_ID="\${AWS_ACCESS_KEY_ID:-SANDBOX000000000000}"\nif [[ " $* " == *" apply "* && -e ${bin}/held ]]; then touch ${bin}/holding; while [ -e ${bin}/held ]; do sleep 0.2; done; exit 1; fi\nexec ${terraform} "$@"\n`,
  );
  program(
    'npm',
    `#!${process.execPath}
const { execFileSync } = require('node:child_process');
const args = process.argv.slice(2);
if (args[0] === 'ci') {
  const scripts = JSON.parse(require('node:fs').readFileSync('package.json', 'utf8')).scripts ?? {};
  if (!args.includes('--ignore-scripts') && scripts.postinstall) execFileSync('bash', ['-c', scripts.postinstall], { stdio: 'inherit' });
  require(${JSON.stringify(path.join(projectRoot, 'terrace', 'dist', 'git', 'link-packages.js'))}).linkPackages(${JSON.stringify(projectRoot)}, process.cwd());
} else if (args[0] === 'run' && args.includes('program')) {
  const fs = require('node:fs');
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  const built = require('node:path').join(${JSON.stringify(bin)}, commit + '.cjs');
  if (!fs.existsSync(built)) execFileSync(process.execPath, ['terrace/build/program.js', '--out', built], { stdio: 'inherit' });
  fs.copyFileSync(built, args[args.indexOf('--out') + 1]);
} else if (args[0] === 'run' && args[1] === 'check:format') {
  execFileSync(process.execPath, ['node_modules/oxfmt/bin/oxfmt', '--check'], { stdio: 'inherit' });
} else if (args[0] === 'run' && args[1] === 'check:lint') {
  execFileSync(process.execPath, ['node_modules/oxlint/bin/oxlint', '--deny-warnings'], { stdio: 'inherit' });
} else process.exit(64);
`,
  );
  for (const [name, text] of Object.entries(more)) program(name, text);
  const base = {
    PATH: [bin, path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const names =
    /^(?:AWS_(?!ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|TF_(?!REATTACH|VAR_)|CHECKPOINT|(?:HTTPS?|ALL|NO)_PROXY$|(?:https?|all|no)_proxy$)/;
  const cloud = Object.fromEntries(Object.entries(env).filter(([name]) => names.test(name)));
  return { base, cloud: { ...cloud, AWS_ENDPOINT_URL_STS: `${host.address}/sts` } };
}
