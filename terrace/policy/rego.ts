import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { isObject } from '../base/json';
import { exitCodes, TerraceError } from '../base/errors';
import { messageOf } from '../base/message';
import type { PolicyResult } from '../review/model/review';

import type { PolicyPlan } from './policy';
import type { PolicySource } from './source';

const run = promisify(execFile);
const tools = ['conftest', 'opa'] as const;

/** What is said of a Rego policy, which has no place of its own for it. */
const explain = 'A rule in Rego; its text is in policies/.';

async function find(env: NodeJS.ProcessEnv): Promise<{ readonly name: (typeof tools)[number]; readonly file: string } | undefined> {
  for (const name of tools) {
    for (const folder of (env['PATH'] ?? '').split(path.delimiter).filter((one) => one !== '')) {
      const file = path.join(folder, name);
      try {
        await access(file, constants.X_OK);
        return { name, file };
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

/** A message as Rego writes it: a text, or an object with `msg` and where. */
function result(message: unknown, severity: PolicyResult['severity']): PolicyResult {
  const parts =
    typeof message === 'object' && message !== null ? new Map<string, unknown>(Object.entries(message)) : new Map<string, unknown>();
  const said = (...names: readonly string[]): string | undefined =>
    names.map((name) => parts.get(name)).find((value) => typeof value === 'string');
  const metadata = parts.get('metadata');
  const place = typeof metadata === 'object' && metadata !== null ? new Map<string, unknown>(Object.entries(metadata)) : parts;
  const [unit, address] = [place.get('unit'), place.get('address')];
  return {
    policy: said('policy', 'id') ?? 'rego',
    severity,
    explain,
    message: typeof message === 'string' ? message : (said('msg', 'message') ?? JSON.stringify(message)),
    ...(typeof unit === 'string' ? { unit } : {}),
    ...(typeof address === 'string' ? { address } : {}),
  };
}

/** Results of `conftest test --output json`. */
function ofConftest(output: unknown): readonly PolicyResult[] {
  if (!Array.isArray(output)) throw new TypeError('conftest did not print a list');
  return output
    .filter(isObject)
    .flatMap((file) => [
      ...(Array.isArray(file['failures']) ? file['failures'].map((one) => result(one, 'deny')) : []),
      ...(Array.isArray(file['warnings']) ? file['warnings'].map((one) => result(one, 'warn')) : []),
    ]);
}

/** Results of `opa eval --format json data.terrace`. */
function ofOpa(output: unknown): readonly PolicyResult[] {
  const results = isObject(output) && Array.isArray(output['result']) ? output['result'] : [];
  const expression: unknown = isObject(results[0]) && Array.isArray(results[0]['expressions']) ? results[0]['expressions'][0] : undefined;
  const value = isObject(expression) && isObject(expression['value']) ? expression['value'] : undefined;
  if (value === undefined) throw new TypeError('the policies do not define the package terrace');
  const messages = (name: string): readonly unknown[] => {
    const list = value[name];
    return Array.isArray(list) ? list : isObject(list) ? Object.keys(list) : [];
  };
  return [...messages('deny').map((one) => result(one, 'deny')), ...messages('warn').map((one) => result(one, 'warn'))];
}

/**
 * Judges the plan by the Rego files (package `terrace`, rules `deny` and `warn`) with conftest or opa from PATH. None where there
 * are no such files. Raises E7104 where neither program is there, E7105 where it fails: what cannot be judged is refused (exit 3).
 */
export async function runRego(source: PolicySource, plan: PolicyPlan, env: NodeJS.ProcessEnv): Promise<readonly PolicyResult[]> {
  const files = [...source.files].filter(([name]) => name.endsWith('.rego') && !name.endsWith('_test.rego'));
  if (files.length === 0) return [];
  const tool = await find(env);
  if (tool === undefined) {
    throw new TerraceError(
      {
        code: 'E7104',
        title: 'no program for Rego',
        place: source.place,
        found: `${files.length} Rego files, and neither conftest nor opa on PATH`,
        todo: 'install one of them wherever policies are checked',
      },
      exitCodes.refused,
    );
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'terrace-rego-'));
  try {
    const policies = path.join(folder, 'policies');
    for (const [name, text] of files) {
      await mkdir(path.dirname(path.join(policies, name)), { recursive: true });
      await writeFile(path.join(policies, name), text);
    }
    const input = path.join(folder, 'plan.json');
    await writeFile(input, JSON.stringify(plan), { mode: 0o600 });
    const args =
      tool.name === 'conftest'
        ? ['test', '--output', 'json', '--no-color', '--namespace', 'terrace', '--policy', policies, input]
        : ['eval', '--format', 'json', '--data', policies, '--input', input, 'data.terrace'];
    // Neither needs anything of the environment, and no credentials.
    const { stdout } = await run(tool.file, args, { cwd: folder, env: { PATH: env['PATH'] ?? '' }, maxBuffer: 64 * 1024 * 1024 }).catch(
      (error: { readonly stdout?: string; readonly code?: number }) => {
        // conftest ends with 1 where a policy refuses.
        if (tool.name === 'conftest' && error.code === 1 && typeof error.stdout === 'string' && error.stdout.trimStart().startsWith('['))
          return { stdout: error.stdout };
        throw error;
      },
    );
    const output: unknown = JSON.parse(stdout);
    return tool.name === 'conftest' ? ofConftest(output) : ofOpa(output);
  } catch (cause) {
    const found =
      isObject(cause) && typeof cause['stderr'] === 'string' && cause['stderr'] !== '' ? cause['stderr'].trim() : messageOf(cause);
    throw new TerraceError(
      { code: 'E7105', title: 'Rego policies failed', place: source.place, found, todo: 'correct them on the protected branch' },
      exitCodes.refused,
      { cause },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
