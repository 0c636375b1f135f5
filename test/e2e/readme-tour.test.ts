import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { projectRoot } from '../_helpers/project-root';
import { scratchProject, type ScratchProject } from '../_helpers/scratch-project';

let project: ScratchProject;
beforeAll(() => {
  project = scratchProject({ checkout: true });
  project.git('init', '--quiet', '--initial-branch=main');
  project.git('add', '--all');
  project.git('commit', '--quiet', '--message', 'base');
}, 600_000);
afterAll(() => project.dispose());

test('the commands of the five minutes run as they stand in the README, and end applied', () => {
  const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
  const block = /## Five minutes\n\n```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  expect(block.split('\n').length).toBeGreaterThan(8);
  const { TERRACE_SANDBOX_DIR: _dir, ...env } = process.env;
  const script = `set -euo pipefail\n${block.replaceAll('npx --no terrace', `node ${path.join(project.root, 'terrace/bin/terrace.js')}`)}`;
  const output = execFileSync('bash', ['-c', script], { cwd: project.root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  expect(output).toMatch(/Applied 1 unit of olechka\/dev: \+\d+/);
  expect(output).toContain('1 of 1 unit matches the source');
}, 600_000);
