import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A program that a step called. */
export interface StubCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What it was given on its standard input or by `--config`, where it reads that. */
  readonly input: string;
}

/** What the stubs answer, as a scenario wants it. */
export interface StubAnswers {
  /** Numbers of changes that plans of a round have, by `<system>/<environment> <round>`; nothing otherwise. */
  readonly changes?: Readonly<Record<string, number>>;
  /** Rounds that leave something for a later one, by the same names. */
  readonly deferred?: readonly string[];
  /** Rules that the change touches. */
  readonly rules?: readonly string[];
  /** Persons that the bundles of an environment ask for, by its path; as many as usual otherwise. */
  readonly persons?: Readonly<Record<string, number>>;
  /** Environments that drifted. */
  readonly drifted?: readonly string[];
  /** Whether an apply cannot upload its state. */
  readonly unsaved?: boolean;
  /** Whether every synthesis gives another tree. */
  readonly unsteady?: boolean;
  /** Answer of a service outside, by a part of its address; `OK` otherwise. */
  readonly outside?: Readonly<Record<string, string>>;
}

/**
 * Stands for every program that a step calls and that is not the step's own work: the runtime with Terrace's programs, installers, clouds'
 * and servers' tools. Each call is noted. What reads and compares (jq, tar, sha256sum, git, curl on this machine) is the real one.
 */
const stub = `
const { execFileSync } = require('node:child_process');
const { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const world = process.env.STUB_WORLD;
const [, self, ...rest] = process.argv;
const [program, ...args] = self.endsWith('stub.js') ? rest : [path.basename(self), ...rest];
const answers = JSON.parse(readFileSync(path.join(world, 'answers.json'), 'utf8'));
const after = (flag) => { const at = args.indexOf(flag); return at < 0 ? undefined : args[at + 1]; };
const text = args.join(' ');
const write = (file, content) => { mkdirSync(path.dirname(path.resolve(file)), { recursive: true }); writeFileSync(file, content); };
const reads = (flag) => { const file = after(flag); return file === undefined ? '' : readFileSync(file === '-' ? 0 : file, 'utf8'); };
const input = program === 'curl' ? reads('--config') : '';
const { STUB_WORLD, ...environment } = process.env;
appendFileSync(path.join(world, 'calls.jsonl'), JSON.stringify({ program, args, folder: process.cwd(), environment, input }) + '\\n');

const { createHash } = require('node:crypto');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const artifactsOf = (folder) => {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const lines = files.map((one) => path.join(one.parentPath, one.name)).toSorted().map((file) => sha256(readFileSync(file)) + '  ' + path.relative(folder, file) + '\\n');
  return sha256(lines.join(''));
};

const run = {
  curl() {
    if (input.includes('127.0.0.1')) {
      const asked = path.join(world, 'asked-' + process.pid);
      write(asked, input);
      return void execFileSync('/usr/bin/curl', args.map((one, index) => (args[index - 1] === '--config' ? asked : one)), { stdio: 'inherit' });
    }
    const found = Object.entries(answers.outside ?? {}).find(([part]) => (text + input).includes(part));
    process.stdout.write(found?.[1] ?? (text.includes('http_code') ? '200' : 'OK'));
  },
  npm() {
    if (args[0] === 'run' && args.includes('program')) write(after('--out'), 'the program\\n');
    if (args[0] === 'pack') write(path.join(after('--pack-destination'), 'terrace-1.0.0.tgz'), 'package\\n');
    if (args[0] === 'sbom') process.stdout.write('{"bomFormat":"CycloneDX"}\\n');
  },
  npx() {},
  node() {
    const [file, verb, ...rest] = args;
    const target = rest.find((one) => /^[a-z0-9-]+\\/[a-z0-9-]+$/.test(one));
    if (verb === 'synth') {
      cpSync(path.join(world, 'tree'), after('--out'), { recursive: true });
      if (answers.unsteady === true) write(path.join(after('--out'), 'unsteady'), process.cwd());
    } else if (verb === 'affected') process.stdout.write('everything\\n');
    else if (verb === 'policy' && rest[0] === 'compile') write(after('--out'), 'policies\\n');
    else if (verb === 'plan') {
      const round = target + ' ' + after('--round');
      const create = answers.changes?.[round] ?? 0;
      const bundle = path.join(path.dirname(after('--out')), 'content');
      const covers = [{ environment: target, artifacts: artifactsOf(path.join('tree', target, 'artifacts')) }];
      write(path.join(bundle, 'bundle.json'), JSON.stringify({ covers, round, create, commit: process.env.COMMIT ?? '', attempt: existsSync(bundle) }));
      execFileSync('tar', ['--create', '--gzip', '--file', after('--out'), '--directory', bundle, 'bundle.json']);
      const hash = require('node:crypto').createHash('sha256').update(readFileSync(path.join(bundle, 'bundle.json'))).digest('hex');
      const base = existsSync('judge/accepted') ? readFileSync('judge/accepted', 'utf8').trim() : '';
      const units = create === 0 ? [] : [{ actions: { create } }];
      process.stdout.write(JSON.stringify({ hash, place: after('--out'), units, deferred: (answers.deferred ?? []).includes(round) ? [{}] : [], rules: { base, files: answers.rules ?? [] } }));
    } else if (verb === 'review') {
      const { create } = JSON.parse(execFileSync('tar', ['--extract', '--to-stdout', '--file', rest[0], 'bundle.json'], { encoding: 'utf8' }));
      for (const flag of ['--markdown', '--html']) if (after(flag) !== undefined) write(after(flag), '# ' + create + ' to create\\n');
    } else if (verb === 'approve') {
      const out = after('--out');
      write(out.endsWith('.json') ? out : path.join(out, 'approval.dsse.json'), JSON.stringify({ reviewed: after('--reviewed') === undefined ? null : JSON.parse(readFileSync(after('--reviewed'), 'utf8')) }));
    } else if (verb === 'drift') {
      process.stdout.write('# Drift of ' + target + '\\n');
      if ((answers.drifted ?? []).includes(target)) process.exit(2);
    } else if (verb === 'lock') process.stdout.write('no locks\\n');
    else if (verb === 'apply' && answers.unsaved === true) {
      write(path.join(after('--kept'), 'unit.tfstate.age'), 'age-encryption.org/v1\\n');
      process.exit(1);
    } else if (verb === 'verify') {
      process.stdout.write(JSON.stringify({ persons: answers.persons?.[process.env.TARGET] ?? Math.max(1, Number(process.env.APPROVALS)), environments: [{ reasons: [] }] }));
      process.exit(3);
    }
  },
  python3() {
    if (text.includes('-m venv')) {
      const bin = path.join(args[args.indexOf('venv') + 1], 'bin');
      for (const name of ['pip', 'zizmor', 'checkov']) { write(path.join(bin, name), '#!/bin/sh\\n'); execFileSync('chmod', ['+x', path.join(bin, name)]); }
    }
    if (text.includes('-m pip')) write(path.join(after('--target'), 'ansible', '__init__.py'), '');
  },
  go() {
    write(path.join(process.env.GOBIN, text.includes('infracost') ? 'infracost' : 'actionlint'), '#!/bin/sh\\nfor last; do :; done\\n[ -z "$last" ] || touch "$last"\\n');
    execFileSync('chmod', ['-R', '+x', process.env.GOBIN + '/' + (text.includes('infracost') ? 'infracost' : 'actionlint')]);
  },
  pnpm() {
    if (args[0] === 'test:ci') write('coverage/coverage-summary.json', JSON.stringify({ total: { lines: { pct: answers.coverage ?? 80 } } }));
    if (args[0] === 'build') for (const name of ['api', 'auth', 'webhooks']) write('dist/' + name + '.mjs', 'export default ' + JSON.stringify(name) + '\\n');
    if ((answers.failing ?? []).includes(args[0])) process.exit(1);
  },
};
(run[program] ?? (() => {}))();
`;

const names = [
  'node',
  'npm',
  'npx',
  'pnpm',
  'corepack',
  'python3',
  'go',
  'curl',
  'terraform',
  'aws',
  'gcloud',
  'getent',
  'gh',
  'sudo',
  'ssh-agent',
  'ssh-add',
];

/** What needs no note, and no program that has to start for one: what goes to this machine, and installs of what is not there. */
const shortcuts: Readonly<Record<string, string>> = {
  curl: 'case "$*" in *127.0.0.1*) exec /usr/bin/curl "$@" ;; esac',
  npm: 'if [ "$1" = ci ]; then exit 0; fi',
  terraform: 'exit 0',
  'ssh-agent': 'exit 0',
  'ssh-add': 'exit 0',
  sudo: 'exit 0',
  corepack: 'exit 0',
};

/** Puts the stubs into a folder that is to come first on PATH; `world` is where they find answers and note calls. */
export function writeStubs(bin: string, world: string): void {
  mkdirSync(bin, { recursive: true });
  const file = path.join(bin, 'stub.js');
  writeFileSync(file, `#!${process.execPath}${stub}`);
  chmodSync(file, 0o755);
  for (const name of names) {
    const short = shortcuts[name];
    if (short === undefined) symlinkSync('stub.js', path.join(bin, name));
    else
      writeFileSync(path.join(bin, name), `#!/bin/bash\n${short}\nexec "${process.execPath}" "${file}" "${name}" "$@"\n`, { mode: 0o755 });
  }
  answer(world, {});
  writeFileSync(path.join(world, 'calls.jsonl'), '');
}

/** Sets what the stubs answer from now on. */
export function answer(world: string, answers: StubAnswers & Readonly<Record<string, unknown>>): void {
  writeFileSync(path.join(world, 'answers.json'), JSON.stringify(answers));
}

/** Every call so far, in order. */
export function calls(world: string): readonly StubCall[] {
  return readFileSync(path.join(world, 'calls.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StubCall);
}
