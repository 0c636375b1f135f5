import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { tableLine } from '../../_helpers/fault-cells';
import { succeeded } from '../../_helpers/scratch-project';
import { smallProject, type SmallProject } from '../../_helpers/small-project';
import { full } from '../../_helpers/where-available';

let project: SmallProject;
let bin: string;
let counter: string;
let settings: string;
beforeAll(async () => {
  project = await smallProject({ 'x/a': { value: 'one' } }, { root: { liveTree: 'committed' } });
  const work = path.join(project.root, '.terrace', 'killing');
  bin = path.join(work, 'bin');
  counter = path.join(work, 'count');
  settings = path.join(work, 'at');
  mkdirSync(bin, { recursive: true });
  // The program that ran a command of git dies before or after that command, as with kill -9.
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(
    path.join(bin, 'git'),
    `#!/bin/sh
n=$(($(cat '${counter}') + 1))
echo "$n" > '${counter}'
echo "$n $*" >> '${counter}.log'
read -r at when < '${settings}'
[ "$n $when" = "$at before" ] && kill -9 $PPID && exit 137
'${git}' "$@"
code=$?
[ "$n $when" = "$at after" ] && kill -9 $PPID
exit $code
`,
  );
  chmodSync(path.join(bin, 'git'), 0o755);
  succeeded(await project.run('publish'));
}, 600_000);
afterAll(() => project.dispose());

/** Publishes with a git that kills at its nth command; 0 for never. Gives the commands that were run. */
async function publish(at: number, when: 'before' | 'after'): Promise<readonly string[]> {
  writeFileSync(counter, '0');
  writeFileSync(`${counter}.log`, '');
  writeFileSync(settings, `${at} ${when}\n`);
  const outcome = await project.terrace(['publish'], { ...project.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` });
  if (at === 0) succeeded(outcome);
  return readFileSync(`${counter}.log`, 'utf8').trim().split('\n');
}

/** Text of the unit in the tree that a revision holds. */
const published = (revision: string): string => project.git('show', `${revision}:live/small/dev/eu-central-1/x/a/main.tf.json`);

/** What is not right after a kill: with the next ordinary commit, and with the next run. */
async function leftAfterKill(value: string): Promise<readonly string[]> {
  const before = project.git('rev-parse', 'HEAD');
  writeFileSync(path.join(project.root, 'note'), value);
  project.git('add', 'note');
  project.git('commit', '--quiet', '--message', 'note');
  const took = published('HEAD') === published(before) || published('HEAD').includes(value);
  await publish(0, 'before');
  return [
    ...(took ? [] : ['the next ordinary commit took the tree back']),
    ...(published('HEAD').includes(value) ? [] : ['the next run does not publish']),
    ...(project.git('status', '--porcelain') === '' ? [] : [project.git('status', '--porcelain')]),
    ...(existsSync(path.join(project.root, '.git', 'index.lock')) ? ['the index is locked'] : []),
  ];
}

test('killed before and after any command of git, a publish leaves an index that git expects, and the next run goes on', async () => {
  project.write({ 'x/a': { value: 'counted' } });
  project.commit('counted');
  const commands = await publish(0, 'before');
  const moving = commands.flatMap((line, index) => (/update-(?:index|ref)/.test(line) ? [index + 1] : []));
  expect(moving.length).toBeGreaterThanOrEqual(2);
  const all = commands.flatMap((_, index) => (['before', 'after'] as const).map((when) => [index + 1, when] as const));
  // In a run that is not full: where the index is written and the branch is not.
  const chosen = full ? all : all.filter(([at, when]) => at === moving.at(-2) && when === 'after');
  const wrong: unknown[] = [];
  for (const [at, when] of chosen) {
    const value = `killed ${when} ${at}`;
    project.write({ 'x/a': { value } });
    project.commit(value);
    await publish(at, when);
    const left = await leftAfterKill(value);
    if (left.length > 0) wrong.push({ at, when, command: commands[at - 1], left });
  }
  tableLine(`publish: killed ${chosen.length} times, ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
}, 7_200_000);
