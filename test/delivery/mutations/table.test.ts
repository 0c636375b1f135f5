import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { linkPackages } from '../../../terrace/git/link-packages';
import { projectRoot } from '../../_helpers/project-root';
import { run } from '../../_helpers/scratch-project';
import { temporaryFolder } from '../../_helpers/sandbox';
import { full } from '../../_helpers/where-available';
import { accepted } from './accepted';
import { guarantees } from './guarantees';
import { unitFiles } from './judgement';
import { masking } from './masking';
import { memory } from './memory';
import type { Mutation } from './mutation';
import { persons } from './persons';

/** One test file in this very process, and no watchman asked. */
const runner = ['node_modules/jest/bin/jest.js', '--runInBand', '--watchman=false'] as const;
const mutations: readonly Mutation[] = [...guarantees, ...accepted, ...persons, ...memory, ...unitFiles, ...masking];
const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');

test('every guarantee has a check that can be taken out', () => {
  const named = new Set(mutations.flatMap(({ guards }) => guards.match(/\bG\d+/g) ?? []));
  expect([...Array(18).keys()].map((index) => `G${index + 1}`).filter((name) => !named.has(name))).toEqual([]);
});

test('every check stands where the table says, and the test that has to notice it as well', () => {
  expect(mutations.filter(({ file, check }) => !read(file).includes(check)).map(({ guards }) => guards)).toEqual([]);
  // A name with values of a table in it is known by its words before them.
  const words = (name: string): string => name.replace(/^(an entry about|each job of a round of) .*/, '$1');
  expect(mutations.filter(({ test: file, named }) => !read(file).includes(words(named))).map(({ guards }) => guards)).toEqual([]);
});

if (full)
  describe('a guarantee’s test fails when its check is taken out', () => {
    const folder = temporaryFolder('terrace-mutations-');
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const ready = (): void => {
      if (existsSync(path.join(folder, 'node_modules'))) return;
      const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
        cwd: projectRoot,
        encoding: 'utf8',
      });
      for (const file of files.split('\0').filter((name) => name !== '' && existsSync(path.join(projectRoot, name)))) {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        cpSync(path.join(projectRoot, file), path.join(folder, file), { preserveTimestamps: true });
      }
      linkPackages(projectRoot, folder);
      symlinkSync(path.join(projectRoot, '.gen'), path.join(folder, '.gen'));
    };
    test.each(mutations)(
      '$guards: $test',
      async ({ file, check, without, test: noticing, named }) => {
        ready();
        const place = path.join(folder, file);
        const text = readFileSync(place, 'utf8');
        writeFileSync(
          place,
          text.replace(check, () => without),
        );
        try {
          const pattern = named.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
          const outcome = await run(process.execPath, [...runner, '--runTestsByPath', noticing, '-t', pattern, '--json'], {
            cwd: folder,
            env: { ...process.env, TERRACE_FULL: '' },
          });
          const { numFailedTests, numRuntimeErrorTestSuites }: { numFailedTests: number; numRuntimeErrorTestSuites: number } = JSON.parse(
            outcome.stdout.slice(outcome.stdout.indexOf('{')),
          );
          expect({ failed: numFailedTests > 0, broken: numRuntimeErrorTestSuites }).toEqual({ failed: true, broken: 0 });
        } finally {
          writeFileSync(place, text);
        }
      },
      600_000,
    );
  });
