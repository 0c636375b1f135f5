import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { commandApart } from '../base/apart';
import { readOptional } from '../base/read-optional';
import { isErrno } from '../base/errno';
import { refuse, type Problem } from '../base/errors';
import { replaceFile } from '../base/replace-file';
import { selectorPath } from '../model/select';
import { compiledProject } from './load-project';
import { fixedEnvironment } from './synthesizer';

/**
 * Compares the types of what the selected systems import, with the project's own TypeScript and `tsconfig.json`; a project without either has none to compare. A
 * stamp in `.terrace/types/` tells that nothing changed since they last fitted. Raises E0022, one problem for each place.
 */
export async function checkTypes(root: string, selectors: readonly string[]): Promise<void> {
  const compiler = compilerOf(root);
  if (compiler === undefined) return;
  const sources = sourcesOf(root, selectors);
  const folder = path.join(root, '.terrace', 'types');
  const name = createHash('sha256').update(sources.join('\n')).digest('hex').slice(0, 12);
  const stamp = path.join(folder, `${name}.stamp`);
  const state = stateOf(root, compiler);
  if (readOptional(stamp) === state) return;
  mkdirSync(folder, { recursive: true });
  const settings = path.join(folder, `${name}.json`);
  replaceFile(
    settings,
    Buffer.from(
      JSON.stringify({
        extends: '../../tsconfig.json',
        // What is unused is a matter of style: it changes nothing that is applied.
        compilerOptions: {
          noEmit: true,
          incremental: true,
          tsBuildInfoFile: `./${name}.tsbuildinfo`,
          noUnusedLocals: false,
          noUnusedParameters: false,
        },
        files: [],
        include: sources.map((source) => `../../${source}`),
      }),
    ),
  );
  refuse(problemsIn(await run(compiler.program, root, settings)));
  replaceFile(stamp, Buffer.from(state));
}

interface Compiler {
  readonly program: string;
  readonly version: string;
}

function compilerOf(root: string): Compiler | undefined {
  if (!existsSync(path.join(root, 'tsconfig.json'))) return undefined;
  try {
    const manifest = require.resolve('typescript/package.json', { paths: [root] });
    const { version, bin }: { readonly version: string; readonly bin: { readonly tsc: string } } = JSON.parse(
      readFileSync(manifest, 'utf8'),
    );
    return { program: path.join(path.dirname(manifest), bin.tsc), version };
  } catch (error) {
    if (isErrno(error, 'MODULE_NOT_FOUND')) return undefined;
    throw error;
  }
}

/** The folders of the selected systems; `main.ts`, which imports every system, where one lies elsewhere or all are meant. Relative to the project. */
function sourcesOf(root: string, selectors: readonly string[]): readonly string[] {
  const names = [...new Set(selectors.map((selector) => selectorPath(selector).split('/')[0] ?? ''))].sort();
  const isFolder = (name: string): boolean => existsSync(path.join(root, 'stacks', name, 'system.ts'));
  return names.length > 0 && names.every(isFolder) ? names.map((name) => `stacks/${name}`) : ['main.ts'];
}

/** What the answer of the compiler depends on: sources by size and time as they were compiled, settings, packages, its own version. */
function stateOf(root: string, compiler: Compiler): string {
  const hash = createHash('sha256').update(compiler.version);
  hash.update(readFileSync(path.join(compiledProject(root), 'manifest.json')));
  hash.update(readFileSync(path.join(root, 'tsconfig.json')));
  for (const file of ['package-lock.json', 'node_modules/.package-lock.json', 'node_modules/terrace/dist/manifest.json']) {
    const place = path.join(root, file);
    const stat = existsSync(place) ? statSync(place) : undefined;
    hash.update(`${file} ${stat?.size} ${stat?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

async function run(program: string, root: string, settings: string): Promise<string> {
  // The compiler is a package of the project: it sees no more than the source does.
  const own = commandApart(root, process.execPath, [program, '-p', settings, '--pretty', 'false']);
  const child = spawn(own.program, own.args, {
    cwd: root,
    env: fixedEnvironment(root, process.env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const text = Buffer.concat(output).toString('utf8');
  return code === 0 ? '' : text === '' ? `tsconfig.json(1,1): error: the compiler ended with ${code}` : text;
}

/** `stacks/shop/units/app/web.ts(12,5): error TS2322: …`, and indented lines that go on with it. */
function problemsIn(output: string): readonly Problem[] {
  const problems: { code: string; title: string; place: string; found: string; todo: string }[] = [];
  for (const line of output.split('\n')) {
    const match = /^(.+?)\((\d+),\d+\): (?:error )?(.*)$/.exec(line);
    const last = problems.at(-1);
    if (match !== null)
      problems.push({
        code: 'E0022',
        title: 'type errors',
        place: `${match[1]}:${match[2]}`,
        found: match[3] ?? '',
        todo: 'correct the source: a misspelt setting would be left out of the JSON without notice',
      });
    else if (last !== undefined && /^\s+\S/.test(line)) last.found += `\n${line.trimEnd()}`;
  }
  return problems;
}
