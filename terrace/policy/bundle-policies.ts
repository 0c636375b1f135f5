import { existsSync } from 'node:fs';
import path from 'node:path';

import type { Plugin } from 'esbuild';

import { exitCodes, TerraceError } from '../base/errors';
import { packageFile } from '../base/package-file';

import type { PolicySource } from './source';

/** Where a policy finds the functions it may use. */
const api = 'terrace/policy';

/** The file of these functions: the source in a checkout, else what was compiled of it. */
function apiFile(): string {
  const source = packageFile('policy/policy.ts');
  return existsSync(source) ? source : packageFile('policy/policy.js');
}

/** Loads the policies from memory; they may import each other and the functions of `terrace/policy`, nothing else. */
function fromMemory(source: PolicySource): Plugin {
  return {
    name: 'policies',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path: wanted, importer, kind, namespace }) => {
        if (kind === 'entry-point') return { path: wanted, namespace: 'entry' };
        // The functions of Terrace import only from themselves.
        if (namespace === 'file') return undefined;
        if (wanted === api) return { path: apiFile() };
        const name = path.posix.normalize(path.posix.join(path.posix.dirname(importer), wanted));
        const found = [name, `${name}.ts`].find((candidate) => source.files.has(candidate));
        if (wanted.startsWith('.') && found !== undefined) return { path: found, namespace: 'policy' };
        return { errors: [{ text: `${importer} imports ${wanted}: a policy may import other policies and terrace/policy only` }] };
      });
      build.onLoad({ filter: /.*/, namespace: 'policy' }, ({ path: name }) => ({ contents: source.files.get(name) ?? '', loader: 'ts' }));
      build.onLoad({ filter: /.*/, namespace: 'entry' }, () => {
        const names = [...source.files.keys()].filter((name) => name.endsWith('.ts')).toSorted();
        return {
          contents: `${names.map((name, index) => `import * as p${index} from './${name.slice(0, -3)}';`).join('\n')}\nexport default [${names.map((name, index) => `[${JSON.stringify(name)}, p${index}.default]`).join(', ')}];`,
          loader: 'ts',
          resolveDir: '/',
        };
      });
    },
  };
}

/** The compiler of the installed package; the program in one file has none: E7107. */
async function compiler(place: string): Promise<typeof import('esbuild')> {
  try {
    return await import('esbuild');
  } catch (cause) {
    throw new TerraceError(
      {
        code: 'E7107',
        title: 'policies not compiled',
        place,
        found: 'this program cannot compile TypeScript',
        todo: 'compile them with the installed package (npx --no terrace policy compile --out policies.cjs), then give --policies policies.cjs',
      },
      exitCodes.refused,
      { cause },
    );
  }
}

/** All TypeScript policies as one script that sets `policies` to pairs of file and default export. Raises E7102 and E7107 (exit 3). */
export async function bundlePolicies(source: PolicySource): Promise<string> {
  const { build } = await compiler(source.place);
  try {
    const result = await build({
      entryPoints: ['policies'],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'policies',
      platform: 'neutral',
      target: 'node20',
      logLevel: 'silent',
      plugins: [fromMemory(source)],
    });
    return result.outputFiles[0]?.text ?? '';
  } catch (cause) {
    const errors: readonly { readonly text: string; readonly location?: { readonly file: string; readonly line: number } | null }[] =
      typeof cause === 'object' && cause !== null && 'errors' in cause && Array.isArray(cause.errors)
        ? cause.errors
        : [{ text: String(cause) }];
    throw new TerraceError(
      errors.map(({ text, location }) => ({
        code: 'E7102',
        title: 'policy cannot be read',
        place: location?.file.replace(/^policy:/, '') ?? source.place,
        found: location === null || location === undefined ? text : `line ${location.line}: ${text}`,
        todo: 'correct it on the protected branch',
      })),
      exitCodes.refused,
      { cause },
    );
  }
}
