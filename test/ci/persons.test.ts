import { createHash } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { temporaryFolder } from '../_helpers/sandbox';
import { startHost, type Host } from './harness/host';
import { readWorkflows } from './workflow-files';

const folder = temporaryFolder('terrace-persons-');
const step = readWorkflows()
  .get('_round.yml')
  ?.jobs['apply']?.steps?.find(({ name }) => name === 'Read who reviewed and who proposed the change');
let host: Host;
beforeAll(async () => {
  host = await startHost({});
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

/** A protected branch with one accepted commit, then a squashed change, a merged one of two commits, and words. */
function history() {
  const source = path.join(folder, 'source');
  mkdirSync(path.join(source, 'docs'), { recursive: true });
  git(source, 'init', '--quiet', '--initial-branch=main');
  const commit = (file: string): string => {
    writeFileSync(path.join(source, file), `${file}\n`);
    git(source, 'add', '--all');
    git(source, 'commit', '--quiet', '--message', file);
    return git(source, 'rev-parse', 'HEAD');
  };
  const accepted = commit('main.ts');
  const squashed = commit('squashed.ts');
  git(source, 'checkout', '--quiet', '-b', 'change');
  commit('one.ts');
  const proposed = commit('two.ts');
  git(source, 'checkout', '--quiet', 'main');
  git(source, 'merge', '--quiet', '--no-ff', '--message', 'merge', 'change');
  const merged = git(source, 'rev-parse', 'HEAD');
  const words = commit('docs/words.md');
  commit('README.md');
  return { source, accepted, squashed, proposed, merged, words, head: commit('last.ts') };
}

interface Asked {
  readonly code: number;
  readonly log: string;
  readonly proposals: unknown;
}

/** Runs the step as a runner does, with what judges packed as the job before packs it. */
function asked(
  name: string,
  from: { readonly source: string; readonly accepted: string; readonly head: string },
  gates = '1',
): Promise<Asked> {
  const work = path.join(folder, name);
  mkdirSync(path.join(work, 'packed'), { recursive: true });
  mkdirSync(path.join(work, 'temp'));
  execFileSync('git', ['clone', '--quiet', '--bare', from.source, path.join(work, 'packed', 'repository.git')], { stdio: 'pipe' });
  writeFileSync(path.join(work, 'packed', 'accepted'), `${from.accepted}\n`);
  execFileSync('tar', ['--create', '--file', 'judge.tar', '--directory', 'packed', '.'], { cwd: work });
  const script = path.join(work, 'script.sh');
  writeFileSync(script, step?.run ?? '');
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: work,
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        RUNNER_TEMP: path.join(work, 'temp'),
        GITHUB_API_URL: host.address,
        GITHUB_REPOSITORY: 'acme/shop',
        GITHUB_RUN_ID: '1',
        GITHUB_TOKEN: 'run-token',
        COMMIT: from.head,
        GATES: gates,
        JUDGE: createHash('sha256')
          .update(readFileSync(path.join(work, 'judge.tar')))
          .digest('hex'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (log += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => {
      const file = path.join(work, 'proposals.json');
      resolve({ code: code ?? -1, log, proposals: code === 0 && gates !== '0' ? JSON.parse(readFileSync(file, 'utf8')) : undefined });
    });
  });
}

test('every commit that the protected branch took up since what was accepted is asked for, and the heads that it merged; words are not', async () => {
  const commits = history();
  const { accepted, squashed, proposed, merged, words, head } = commits;
  for (const [commit, login] of [
    [accepted, 'before'],
    [squashed, 'squasher'],
    [proposed, 'merger'],
    [merged, 'merger'],
    [words, 'writer'],
    [head, 'last'],
  ] as const)
    host.proposals.set(commit, [login]);
  const answer = await asked('whole', commits);
  expect(answer).toMatchObject({ code: 0, log: '' });
  expect(answer.proposals).toEqual(['last', 'merger', 'merger', 'squasher'].map((login) => ({ user: { login } })));
  // Where nobody is asked, nobody is looked up.
  expect(await asked('nobody', commits, '0')).toMatchObject({ code: 0, log: '' });
  // An answer that is missing would hide an author: the job ends, and says nothing of who did not answer.
  host.proposals.delete(squashed);
  host.refused.add(squashed);
  expect((await asked('silent', commits)).code).not.toBe(0);
});
