import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { linkPackages } from '../../terrace/git/link-packages';
import type { Model } from '../../terrace/model/model';
import { projectRoot } from './project-root';
import { withVariables } from '../../terrace/sandbox/environment/with-variables';
import { temporaryFolder } from './sandbox';

/** What a program ended with. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, for messages. */
  readonly output: string;
}

/** A copy of this repository's sources in which a test may change values, synthesize, run cdktf and commit, with a sandbox of its own. */
export interface ScratchProject {
  readonly root: string;
  /** Runs `terrace` there. */
  terrace(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome>;
  /** Runs `cdktf` there. */
  cdktf(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome>;
  /** Replaces text in a source file; fails where it is not there. */
  edit(file: string, find: string | RegExp, replace: string): void;
  /** Path of a unit's folder in the live tree. */
  unit(unitPath: string): string;
  /** The model of the synthesized tree. */
  model(): Model;
  /** Starts the sandbox of the project and gives the variables for one account. */
  sandbox(account: string): Promise<NodeJS.ProcessEnv>;
  git(...args: readonly string[]): string;
  dispose(): Promise<void>;
}

/** With what is compiled of them, by modification times: nothing is compiled again. */
const copied = [
  '.terrace/dist',
  '.gen',
  'backend',
  'envcommon',
  'modules',
  'policies',
  'schemas',
  'scripts',
  'stacks',
  'main.ts',
  'cdktf.json',
  'terrace.environments.json',
  'package.json',
  'tsconfig.json',
  '.gitignore',
];

/** Entries that this repository's own systems need: their sources, generated bindings, and the settings by which types are compared. */
export const allOfSystems: readonly string[] = ['.gen', '.terrace/dist', 'envcommon', 'schemas', 'scripts', 'stacks', 'tsconfig.json'];

export interface ScratchOptions {
  /** Entries that the test's own system has no use for. @default none */
  readonly without?: readonly string[];
  /** The tool's sources lie in the project, as in this repository. @default false: it is an installed package, as in a project of one's own */
  readonly checkout?: boolean;
}

/** Copies the sources; the packages are shared with this repository, the tool among them. */
export function scratchProject({ without = [], checkout = false }: ScratchOptions = {}): ScratchProject {
  const root = temporaryFolder('terrace-project-');
  for (const name of checkout ? [...copied, 'terrace'] : copied) {
    if (without.includes(name) || !existsSync(path.join(projectRoot, name))) continue;
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    // Node's own copy rounds times to milliseconds, and each file would be taken for a changed one.
    execFileSync('cp', ['-a', path.join(projectRoot, name), path.join(root, name)]);
  }
  linkPackages(projectRoot, root);
  if (!checkout) symlinkSync(path.join(projectRoot, 'terrace'), path.join(root, 'node_modules', 'terrace'), 'dir');
  const inProject = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Outcome> =>
    run(process.execPath, [path.join(root, file), ...args], { cwd: root, env });
  const terrace: ScratchProject['terrace'] = (args, env) => inProject('node_modules/terrace/bin/terrace.js', args, env);
  return {
    root,
    terrace,
    cdktf: (args, env = process.env) =>
      inProject('node_modules/cdktf-cli/bundle/bin/cdktf', args, { ...env, CI: '1', CHECKPOINT_DISABLE: '1', FORCE_COLOR: '0' }),
    edit: (file, find, replace) => {
      const before = readFileSync(path.join(root, file), 'utf8');
      if (typeof find === 'string' ? !before.includes(find) : !find.test(before)) throw new Error(`${file} has no ${String(find)}`);
      writeFileSync(path.join(root, file), before.replace(find, replace));
    },
    unit: (unitPath) => path.join(root, 'live', unitPath),
    model: () => JSON.parse(readFileSync(path.join(root, 'live', 'synth.json'), 'utf8')) as Model,
    sandbox: async (account) => {
      const { stdout } = succeeded(await terrace(['sandbox', 'env', '--account', account, '--json']));
      const { variables }: { variables: Record<string, string> } = JSON.parse(stdout);
      return withVariables(process.env, variables);
    },
    git: (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...identity } }).trim(),
    dispose: async () => {
      if (existsSync(path.join(root, '.sandbox'))) await terrace(['sandbox', 'stop']);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A committer, where the machine has none. */
const identity = {
  GIT_AUTHOR_NAME: 'test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** @default no input */
  readonly stdin?: 'pipe';
  /** Called with the process once it runs. */
  readonly started?: (child: ChildProcess) => void;
  /** Called with what was printed so far, whenever there is more. */
  readonly onOutput?: (output: string, child: ChildProcess) => void;
}

/** Runs a program to its end. */
export function run(file: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'] });
    let [stdout, stderr, output] = ['', '', ''];
    const add = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
      if (stream === 'stdout') stdout += String(chunk);
      else stderr += String(chunk);
      output += String(chunk);
      options.onOutput?.(output, child);
    };
    child.stdout?.on('data', add('stdout'));
    child.stderr?.on('data', add('stderr'));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr, output }));
    options.started?.(child);
  });
}

/** Throws with everything that was printed unless the program ended with 0. */
export function succeeded(outcome: Outcome): Outcome {
  if (outcome.code !== 0) throw new Error(`ended with ${outcome.code}\n${outcome.output}`);
  return outcome;
}

/** What was printed as one line of plain words: without colours, frames and the line breaks that programs put into sentences. */
export function words({ output }: Outcome): string {
  return output.replace(/\u001b\[[0-9;]*m/g, '').replace(/[│╷╵\s]+/g, ' ');
}
