import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { commandContext } from '../../terrace/cli/command-context';
import { globalOptions } from '../../terrace/cli/command-line';
import { linkPackages } from '../../terrace/git/link-packages';
import { projectRoot } from '../_helpers/project-root';
import { temporaryFolder } from '../_helpers/sandbox';
import { terraceCli } from '../_helpers/terrace-cli';

const folder = realpathSync(temporaryFolder('terrace-projects-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: readonly string[]): string => path.join(folder, ...names);

/** A project that has one system and no units. */
function writeProject(name: string): void {
  mkdirSync(at(name, 'stacks'), { recursive: true });
  writeFileSync(at(name, 'cdktf.json'), JSON.stringify({ language: 'typescript', app: 'true' }));
  writeFileSync(at(name, 'main.ts'), `export const project = { systems: { ${name}: async () => () => undefined } };\n`);
}
writeProject('one');
writeProject('two');

test('every command works on the project it stands in, whichever checkout the program is of', async () => {
  const list = async (cwd: string, ...more: readonly string[]): Promise<string | undefined> =>
    /expected: (.*)/.exec((await terraceCli(['list', 'absent', ...more], process.env, cwd)).stderr)?.[1];
  expect(await Promise.all([list(at('one', 'stacks')), list(at('two'))])).toEqual(['one', 'two']);
  expect(await list(at('two'), '--project', at('one', 'stacks'))).toBe('one');
  expect([existsSync(at('one', '.terrace', 'dist')), existsSync(at('two', '.terrace', 'dist'))]).toEqual([true, true]);
}, 600_000);

test('an error that a project’s source raises is the same class as the program’s, in a checkout as from a tarball', async () => {
  writeProject('raising');
  linkPackages(projectRoot, at('raising'));
  rmSync(at('raising', 'node_modules', 'terrace'), { force: true });
  symlinkSync(path.join(projectRoot, 'terrace'), at('raising', 'node_modules', 'terrace'));
  writeFileSync(
    at('raising', 'main.ts'),
    "import { TerraceError } from 'terrace';\nthrow new TerraceError({ code: 'E9999', title: 'own problem', found: 'x', todo: 'y' }, 64);\n",
  );
  expect(await terraceCli(['list'], process.env, at('raising'))).toMatchObject({ code: 64, stderr: 'E9999 own problem\n  x\n  y\n' });
}, 600_000);

test('outside any project a command that needs one is E0002, with 64', async () => {
  const { code, stdout, stderr } = await terraceCli(['list'], process.env, folder);
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain(`E0002 no project   ${folder}\n`);
  expect((await terraceCli(['list', '--project', folder])).stderr).toContain('E0002');
}, 600_000);

test('working files are the project’s; outside any they are kept apart for each place, in the cache', () => {
  const env = { XDG_CACHE_HOME: at('cache') };
  const inside = commandContext({ cwd: at('one', 'stacks'), env });
  expect([inside.project(), inside.work(at('tree'))]).toEqual([at('one'), at('one', '.terrace')]);
  const outside = commandContext({ cwd: folder, env });
  expect(outside.projectIfAny()).toBeUndefined();
  expect(outside.work('two')).toBe(outside.work(at('two')));
  expect(path.dirname(outside.work('one'))).toBe(at('cache', 'terrace'));
  expect(outside.work('one')).not.toBe(outside.work('two'));
});

test('--project and --debug are meant for every command, and what follows -- is not', () => {
  expect(globalOptions(['plan', '--project', 'a', 'x', '--debug', '--', 'env', '--project', 'b'])).toEqual({
    words: ['plan', 'x', '--', 'env', '--project', 'b'],
    includePlanned: false,
    project: 'a',
  });
  expect(globalOptions(['--project=a', 'list'])).toEqual({ words: ['list'], includePlanned: false, project: 'a' });
  const included = globalOptions(['list', '--include-planned', '--', '--project']);
  expect(included).toEqual({ words: ['list', '--include-planned', '--', '--project'], includePlanned: true });
  expect(globalOptions(['sandbox', 'exec', '--', 'terrace', '--include-planned']).includePlanned).toBe(false);
});
