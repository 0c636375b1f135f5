import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { linkPackages } from '../terrace/git/link-packages';
import { projectRoot } from './project-root';
import type { Figure, Suite } from './figures';
import { measureProcess } from './processes';

const region = 'olechka/dev/eu-central-1';
const identity = {
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
};

/** What a newcomer waits for in a clone of this repository: `npm start` once the sources are compiled, and the first comparison with a commit that nobody synthesized yet. */
export const suite: Suite = {
  name: 'start',
  run: async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'terrace-bench-'));
    const root = path.join(scratch, 'clone');
    const git = (...args: readonly string[]): void =>
      void execFileSync('git', args, { cwd: root, stdio: 'ignore', env: { ...process.env, ...identity } });
    const terrace = async (...args: readonly string[]): Promise<number> =>
      (await measureProcess(process.execPath, [path.join(root, 'terrace', 'bin', 'terrace.js'), ...args], { cwd: root })).seconds;
    try {
      execFileSync('git', ['clone', '--quiet', projectRoot, root], { stdio: 'ignore' });
      linkPackages(projectRoot, root);
      cpSync(path.join(projectRoot, '.gen'), path.join(root, '.gen'), { recursive: true });
      const compiled = await terrace('list');
      const started = await terrace('start', region);
      await terrace('sandbox', 'stop');
      appendFileSync(path.join(root, 'stacks', 'olechka', 'dev', 'env.ts'), '\n// A change that changes nothing.\n');
      git('commit', '--quiet', '--all', '--message', 'Change one file');
      const cold = await terrace('affected', '--base', 'HEAD~1', '--allow-empty');
      const again = await terrace('affected', '--base', 'HEAD~1', '--allow-empty');
      const figures: readonly Figure[] = [
        { name: 'the first command of a clone, which compiles the sources', value: compiled, unit: 's' },
        { name: `terrace start ${region}: 17 units planned, applied and planned again`, value: started, unit: 's', limit: 15 },
        { name: 'terrace affected, the base not synthesized yet', value: cold, unit: 's', limit: 8 },
        { name: 'terrace affected, the base kept', value: again, unit: 's' },
      ];
      return figures;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
