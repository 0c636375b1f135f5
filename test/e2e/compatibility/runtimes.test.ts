import { realpathSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { run, scratchProject, succeeded, words, type Outcome, type ScratchProject } from '../../_helpers/scratch-project';
import { roadOfAChange } from '../../_helpers/road-of-a-change';
import { whereAvailable } from '../../_helpers/where-available';

const test = inOrder();

let project: ScratchProject;
beforeAll(() => {
  project = scratchProject();
});
afterAll(() => project.dispose());

for (const major of [22, 24, 26])
  whereAvailable(`node${major}`, (file) => {
    const node = realpathSync(file);
    /** Programs that are started by name find this Node too. */
    const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}` };
    const terrace = (...args: readonly string[]): Promise<Outcome> =>
      run(node, [path.join(project.root, 'node_modules/terrace/bin/terrace.js'), ...args], { cwd: project.root, env });

    test(`on Node ${major} all systems are synthesized byte for byte as on this one, and nothing is warned of`, async () => {
      succeeded(await project.terrace(['synth', '--include-planned', '--out', 'tree']));
      const again = succeeded(await terrace('synth', '--include-planned', '--out', 'tree'));
      expect(again.stdout).toMatch(/^\d{3} units in tree: 0 files written, 0 removed, \d+ unchanged/);
      expect(again.stderr).toBe('');
    }, 600_000);

    test(`on Node ${major} an environment comes up in a sandbox, and a second plan is empty`, async () => {
      const started = succeeded(await terrace('start', 'astraler/preview', '--fresh'));
      expect(words(started)).toMatch(/no changes/i);
      succeeded(await terrace('sandbox', 'stop'));
    }, 600_000);

    test(`on Node ${major} a change goes from plan to apply`, async () => {
      expect((await roadOfAChange(node, env)).output).toMatch(/Tests: .* 3 passed/);
    }, 600_000);
  });

whereAvailable('node26', (node) =>
  test('cdktf, whose own terminal library has no binary for Node 24 and newer, lists the stacks on Node 26', async () => {
    const cli = path.join(project.root, 'node_modules/cdktf-cli/bundle/bin/cdktf');
    const env = { ...process.env, CI: '1', CHECKPOINT_DISABLE: '1' };
    const listed = succeeded(await run(realpathSync(node), [cli, 'list'], { cwd: project.root, env }));
    expect(listed.stdout).toMatch(/^astraler-preview-\S* +cdktf\.out/m);
  }, 600_000),
);
