import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { projectRoot } from '../_helpers/project-root';

const below = (folder: string, wanted: RegExp): readonly string[] =>
  readdirSync(path.join(projectRoot, folder))
    .filter((name) => wanted.test(name))
    .map((name) => `${folder}/${name}`);

test('what makes pipelines speaks of jobs, gates, artefacts and identities, and leaves an engine’s words to its renderer', () => {
  const core = [
    ...below('terrace/tree', /^ci-.*\.ts$/),
    ...below('terrace/ci', /^(?:delivery|plan-scripts|scripts|sign-in|stages|carried-rules|first-delivery)\.ts$/),
    // This repository's own checks look into the files of its engine.
    ...below('terrace/ci/pipelines', /^(?!repository).*\.ts$/),
  ];
  expect(core.length).toBeGreaterThan(15);
  const words = core.flatMap((file) =>
    readFileSync(path.join(projectRoot, file), 'utf8')
      .replaceAll('github.com/', '')
      .split('\n')
      .filter((line) => /github|\$\{\{|RUNNER_|runs-on|workflow|pull.request/i.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(words).toEqual([]);
});
