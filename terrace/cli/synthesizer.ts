import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

import { packageRoot } from '../base/package-file';
import { commandApart } from '../base/apart';
import { TerraceError } from '../base/errors';
import { quietly } from './quietly';
import type { SynthesizerAnswer, SynthesizerRequest } from './synthesizer-messages';
import type { SourceLines } from '../delivery/affected/source-lines';

/**
 * Asks a process of its own, whose environment, time zone and locale are fixed, so that the tree does not depend on who synthesizes it where.
 * Raises what it refused. `elsewhere` gives it another home, user, clock, time zone and locale instead: the tree has to be the same.
 * The source is built by the package that it is written for, wherever the program that asks was started from: two copies in one process would
 * not know each other's classes, and one would take the other for the source.
 */
export async function askSynthesizer(root: string, request: SynthesizerRequest, elsewhere = false): Promise<SynthesizerAnswer> {
  const own = path.join(root, 'node_modules', 'terrace', 'bin', 'synthesizer.js');
  const shipped = path.join(packageRoot(), 'bin', 'synthesizer.js');
  const isOther = existsSync(own) && realpathSync(own) !== realpathSync(shipped);
  asked += 1;
  const { program, args } = commandApart(root, process.execPath, [
    ...quietly,
    ...(elsewhere ? ['--require', path.join(packageRoot(), 'bin', 'elsewhere.js')] : []),
    ...(isOther ? [own] : [shipped, '--compiled']),
    String(process.pid * 1000 + (asked % 1000)),
  ]);
  const child = spawn(program, args, {
    cwd: root,
    env: elsewhere ? otherEnvironment(root, process.env) : fixedEnvironment(root, process.env),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const answer = await new Promise<SynthesizerAnswer>((resolve, reject) => {
    child.once('message', (text) => {
      const parsed: SynthesizerAnswer = JSON.parse(String(text));
      resolve(parsed);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`the synthesizing process ended with ${code ?? signal ?? 'nothing'} and no answer`)),
    );
    child.send(JSON.stringify(request));
  });
  if (answer.kind === 'refused') throw new TerraceError(answer.problems, answer.exitCode);
  if (answer.kind === 'failed') throw Object.assign(new Error(answer.message), { stack: answer.stack, code: answer.code });
  return answer;
}

/** How many processes were asked, so that each has a number that no other one has at the time. */
let asked = 0;

/** Which lines of the source in a folder decide values. */
export const sourceLines: SourceLines = async (root, question) => {
  const answer = await askSynthesizer(root, { kind: 'lines', root, question });
  if (answer.kind !== 'found-lines') throw new Error(`lines were asked for, and the answer was ${answer.kind}`);
  return answer.lines;
};

/** Variables that say where programs and their settings lie; the source cannot read them. */
const places = ['PATH', 'TMPDIR', 'NODE_COMPILE_CACHE', 'TERRACE_DEBUG', 'TERRACE_TOKEN_STACKS'];

/** What git is told about this computer; never what it may send along or sign in with. */
const gitSettings = /^GIT_(?:CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/;

/** Names of variables that hold what somebody signs in with, or that change what a program runs. */
const credentials =
  /(?:^|_)(?:TOKENS?|SECRETS?|PASS(?:WORD|WD|PHRASE)?|CREDENTIALS?|KEYS?|PAT|PRIVATE|AUTH|COOKIE|SESSION|IDENTITY|JWT|DSN)(?:_|$)|^(?:AWS|ARM|AZURE|GOOGLE|CLOUDSDK|GCLOUD|HCLOUD|CLOUDFLARE|SUPABASE|UPSTASH|KUBE|TF|TFE|GITHUB|GH|ACTIONS|GITLAB|CI_JOB|NPM|NODE|SSH|GPG|VAULT|LD|DYLD|GIT)_|(?:TOKEN|SECRET|PASSWORD|APIKEY)$/i;

/**
 * The environment of the process: where things lie, git's own, what `context.terraceEnvironment` of `cdktf.json` names, and a fixed place on
 * earth. Its home is an empty folder, so that nothing finds what somebody signs in with (`~/.aws`, `~/.npmrc`) where it is usually looked for.
 */
export function fixedEnvironment(root: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = new Set([...places, ...namedVariables(root)]);
  const passed = Object.entries(env).filter(([name]) => named.has(name) || gitSettings.test(name));
  return {
    ...Object.fromEntries(passed),
    HOME: path.join(root, '.terrace', 'home'),
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    LANG: 'C.UTF-8',
  };
}

/** The same for another person on another computer, half a world away. */
function otherEnvironment(root: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const other = {
    HOME: path.join(root, '.terrace', 'elsewhere'),
    USER: 'somebody',
    TZ: 'Pacific/Kiritimati',
    LC_ALL: 'tr_TR.UTF-8',
    LANG: 'tr_TR.UTF-8',
  };
  return { ...fixedEnvironment(root, env), ...other };
}

/** Raises E1112 for a name by which a change would read a credential. */
function namedVariables(root: string): readonly string[] {
  const { context }: { readonly context?: { readonly terraceEnvironment?: unknown } } = JSON.parse(
    readFileSync(path.join(root, 'cdktf.json'), 'utf8'),
  );
  const names = context?.terraceEnvironment;
  const given = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  const refused = given.filter((name) => credentials.test(name));
  if (refused.length === 0) return given;
  throw new TerraceError({
    code: 'E1112',
    title: 'credential requested',
    place: 'cdktf.json',
    found: `context.terraceEnvironment lists ${refused.join(', ')}`,
    expected: 'variables that hold no credential: the source is synthesized without credentials',
    todo: 'rename it if it is not a credential; pass a secret as a variable of the unit, which arrives as TF_VAR_<name>',
  });
}
