import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { affectedText } from '../../terrace/cli/actions/affected-text';
import { statusText } from '../../terrace/cli/actions/status';
import { commandContext } from '../../terrace/cli/command-context';
import { program } from '../../terrace/cli/main';
import { projectRoot } from '../_helpers/project-root';
import { terraceCli } from '../_helpers/terrace-cli';
import { temporaryFolder } from '../_helpers/sandbox';

test('a planned environment is absent, refused by name, written with the flag, and refused again by a plan of that tree', async () => {
  const tree = temporaryFolder('terrace-planned-');
  const [listed, refused, written] = await Promise.all([
    terraceCli(['list', 'astra']),
    terraceCli(['plan', 'astra/production']),
    terraceCli(['synth', 'astra/production', '--include-planned', '--out', tree]),
  ]);
  expect(listed.stdout).toContain('astra/production is planned and left out (--include-planned)\n');
  expect(listed.stdout).not.toContain('astra/production/');
  expect([refused.code, refused.stdout]).toEqual([3, '']);
  expect(refused.stderr).toContain('E1208 planned environment   astra/production\n');
  expect([written.code, written.stdout]).toEqual([0, expect.stringMatching(/^8 units/)]);
  expect(readFileSync(path.join(tree, 'astra', 'production', 'env.hcl'), 'utf8')).toMatch(/planned\s+= true/);
  for (const command of ['plan', 'drift', 'status']) {
    const again = await terraceCli([command, 'astra/production', '--tree', tree]);
    expect([command, again.code, /E\d{4}/.exec(again.stderr)?.[0]]).toEqual([command, 3, 'E1208']);
  }
}, 600_000);

test('every command that reads units takes the flag', () => {
  const takes = (command: ReturnType<typeof program>): readonly string[] =>
    command.commands.flatMap((one) =>
      one.commands.length > 0
        ? takes(one).map((name) => `${one.name()} ${name}`)
        : one.options.some(({ long }) => long === '--include-planned')
          ? [one.name()]
          : [],
    );
  const found = takes(program(commandContext({ cwd: projectRoot, env: {} })));
  for (const name of [
    'affected',
    'apply',
    'deploy',
    'diagram',
    'drift',
    'explain',
    'graph',
    'list',
    'plan',
    'rehearse',
    'start',
    'status',
    'synth',
  ])
    expect(found).toContain(name);
  expect(found.some((name) => name.startsWith('state '))).toBe(true);
  expect(found).not.toContain('keygen');
});

test('affected and status name what is planned, whether it is included or left out', () => {
  const unit = 'astra/production/europe-west1/cluster/gke';
  const affected = { version: 1, base: 'a', head: 'b', everything: null, changedFiles: [] } as const;
  const change = { unit, change: 'added', operation: 'apply', reasons: ['it is new'] } as const;
  expect(affectedText({ ...affected, units: [{ ...change, planned: true }] })).toContain('it is new; planned');
  expect(affectedText({ ...affected, units: [], excluded: ['astra/production'] })).toBe(
    'nothing is affected\nastra/production is planned and left out (--include-planned)',
  );
  const status = { version: 1, pending: [], orphans: [] } as const;
  const never = { unit, status: 'never applied', reasons: ['it has no state'], notes: [], commit: null, at: null, lock: null } as const;
  expect(statusText({ ...status, units: [{ ...never, planned: true }] })).toBe(
    'astra/production/europe-west1\n  cluster/gke  never applied (planned): it has no state\n\n0 of 1 unit matches the source',
  );
  expect(statusText({ ...status, units: [], excluded: ['astra/production'] })).toContain('astra/production is planned and left out');
});
