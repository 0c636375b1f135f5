import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../_helpers/in-order';
import { scratchProject, succeeded, type ScratchProject } from '../_helpers/scratch-project';

const test = inOrder();

let project: ScratchProject;
beforeAll(() => {
  project = scratchProject();
  project.git('init', '--quiet', '--initial-branch=main');
  project.git('add', '--all');
  project.git('commit', '--quiet', '--message', 'base');
  project.git('switch', '--quiet', '--create', 'change');
  project.edit('stacks/olechka/system.ts', '    [staging, stagingGlobal, stagingEu, stagingAp],\n', '');
  project.edit('stacks/olechka/system.ts', 'envcommonValues([dev, staging, production])', 'envcommonValues([dev, production])');
  project.git('commit', '--quiet', '--all', '--message', 'remove staging');
}, 600_000);
afterAll(() => project.dispose());

test('a selector that names nothing is refused by affected and by plan --affected, and is no empty selection', async () => {
  for (const command of [
    ['affected', '--base', 'main', 'olechka/stagin'],
    ['plan', '--affected', 'main', 'olechka/stagin'],
  ]) {
    const { code, stdout, stderr } = await project.terrace(command);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain("E1202 unknown environment   olechka\n  'stagin'\n  expected: dev, production, staging\n");
  }
}, 600_000);

test('an environment that a change removes can be selected, as the matrix names it', async () => {
  const { stdout } = succeeded(await project.terrace(['affected', '--base', 'main', '--matrix']));
  const [{ selector }]: readonly [{ readonly selector: string }] = JSON.parse(stdout).include;
  expect(selector).toBe('olechka/staging');
  const shown = JSON.parse(succeeded(await project.terrace(['affected', '--base', 'main', selector, '--json'])).stdout);
  expect(new Set(shown.units.map((unit: { readonly operation: string }) => unit.operation))).toEqual(new Set(['destroy']));
  // Without credentials the plan ends where it asks what the environment accepted: what it would destroy was selected by then.
  const { code, stderr } = await project.terrace(['plan', '--affected', 'main', selector]);
  expect([code, /E\d{4}/.exec(stderr)?.[0]]).toEqual([1, 'E4101']);
  expect(stderr).toContain('olechka/staging');
}, 600_000);

test('a wave that no selected unit is in, and a recipient that is none, are refused before anything is planned', async () => {
  const wave = await project.terrace(['plan', 'olechka/dev/eu-central-1/network', '--wave', '77']);
  expect([wave.code, wave.stdout]).toEqual([64, '']);
  expect(wave.stderr).toContain('no selected unit is in wave 77\n  expected: 1, 2, 3\n');
  const recipient = await project.terrace(['plan', 'olechka/dev/eu-central-1/network', '--recipient', 'age1xx']);
  expect([recipient.code, recipient.stdout]).toEqual([1, '']);
  expect(recipient.stderr.match(/E\d{4}/g)).toEqual(['E6043']);
}, 600_000);

test('a plan of a work tree that differs from its commit is refused with the names of the files', async () => {
  project.edit('stacks/olechka/system.ts', /$/, '\n// changed\n');
  const { code, stderr } = await project.terrace(['plan', 'olechka/dev/eu-central-1/network']);
  expect([code, /E\d{4}/.exec(stderr)?.[0]]).toEqual([3, 'E6020']);
  expect(stderr).toContain('uncommitted changes: the plan could not be tied to a commit\n  stacks/olechka/system.ts\n');
}, 600_000);
