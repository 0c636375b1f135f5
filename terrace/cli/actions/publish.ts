import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { firstLines } from '../../base/plural';
import { exitCodes, TerraceError } from '../../base/errors';
import { selectPaths } from '../../model/select';
import type { LiveTree, SystemModel } from '../../model/model';
import type { CommandContext } from '../command-context';
import { git, tryGit } from '../../git/run-git';
import { headOf, publishSystem, type Published } from '../../git/publish-system';
import { loadModel, synthesize } from '../project';
import { checkTypes } from '../types';
import { renderTable } from '../table';

export interface PublishFlags {
  readonly json: boolean;
}

type Publishable = SystemModel & { readonly liveTree: Exclude<LiveTree, 'ignored'> };

/** `terrace publish` */
export async function runPublish(context: CommandContext, names: readonly string[], flags: PublishFlags): Promise<void> {
  const root = context.project();
  const model = await loadModel(root);
  const selected = new Set(
    selectPaths(
      model.units.map(({ path: unit }) => unit),
      names,
    ).map((unit) => unit.split('/')[0]),
  );
  const systems = model.systems.filter(({ name }) => selected.has(name));
  const publishable = systems.filter((system): system is Publishable => system.liveTree !== 'ignored');
  const ignored = systems.filter(({ liveTree }) => liveTree === 'ignored').map(({ name }) => name);
  if (publishable.length === 0 || (names.length > 0 && ignored.length > 0))
    throw new TerraceError(
      {
        code: 'E4605',
        title: 'tree is not meant to be published',
        found: `liveTree is 'ignored' for ${ignored.join(', ')}`,
        expected: "'committed' or { branch: '…' }",
        todo: `set it in ${ignored.map((name) => `stacks/${name}/root.ts`).join(', ')}`,
      },
      exitCodes.wrongUsage,
    );
  requireClean(root);
  const source = headOf(root);
  await checkTypes(
    root,
    publishable.map(({ name }) => name),
  );
  const tree = mkdtempSync(path.join(tmpdir(), 'terrace-publish-'));
  try {
    await synthesize(root, { selectors: publishable.map(({ name }) => name), out: tree });
    const published: Published[] = [];
    for (const { name, liveTree } of publishable) {
      // What is published on the branch that is checked out is its next commit.
      const head = published.findLast(({ onHead }) => onHead)?.commit ?? source;
      published.push(publishSystem({ root, system: name, liveTree, tree, source, head }));
    }
    // On the branch that is checked out, the files on disk are those that were committed.
    const here = publishable.filter(({ liveTree }) => liveTree === 'committed').map(({ name }) => name);
    if (here.length > 0) await synthesize(root, { selectors: here });
    print(published, flags.json);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** Raises E4606 where the source differs from its commit: the tree would name a commit that does not make it. */
function requireClean(root: string): void {
  if (tryGit(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { cwd: root }) === undefined) return;
  const changed = git(['status', '--porcelain', '--', '.', ':(exclude)live'], { cwd: root });
  if (changed === '') return;
  throw new TerraceError(
    {
      code: 'E4606',
      title: 'source not committed',
      place: root,
      found: firstLines(changed.split('\n')),
      expected: 'a work tree without changes',
      todo: 'commit first: what is published names the commit it comes from',
    },
    exitCodes.refused,
  );
}

function print(published: readonly Published[], json: boolean): void {
  if (json)
    process.stdout.write(
      `${JSON.stringify({ version: 1, published: published.map(({ system, branch, outcome, commit, source }) => ({ system, branch, outcome, commit, source })) }, null, 2)}\n`,
    );
  else
    process.stdout.write(
      `${renderTable(
        ['system', 'branch', '', 'commit', 'source'],
        published.map((one) => [one.system, one.branch, one.outcome, one.commit.slice(0, 12), one.source.slice(0, 12)]),
        ['left', 'left', 'left', 'left', 'left'],
      )}\n`,
    );
}
