import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { bundleWorker } from '../../../../modules/cloudflare/worker-bundle';
import { projectRoot } from '../../../_helpers/project-root';
import { temporaryFolder } from '../../../_helpers/sandbox';

const workers = path.join(projectRoot, 'stacks', 'astraler', 'workers');
const bundle = (name: string): string => bundleWorker(path.join(workers, `${name}.ts`));

/** Loads a bundle in a process of its own, as an ES module, and gives what an expression over its default export prints. */
function runs(name: string, expression: string): unknown {
  const file = path.join(temporaryFolder('terrace-worker-'), 'worker.mjs');
  writeFileSync(file, bundle(name));
  const script = `const { default: worker } = await import(${JSON.stringify(`file://${file}`)}); console.log(JSON.stringify(${expression}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
}

test.each(['api', 'auth', 'webhooks'])('until its first build, %s answers 503 with the reason', (name) => {
  expect(runs(name, '[worker.fetch().status, worker.fetch().headers.get("retry-after"), await worker.fetch().json()]')).toEqual([
    503,
    '300',
    { error: 'service unavailable', reason: `the first build of ${name} was not deployed yet` },
  ]);
});

test.each([
  ['monitor', 'scheduled'],
  ['replicate', 'queue'],
])('%s is one module whose default export handles %s', (name, handler) => {
  expect(runs(name, 'Object.keys(worker)')).toEqual([handler]);
});

test.each(['api', 'monitor', 'replicate'])('the bundle of %s imports nothing and names no path of the machine that made it', (name) => {
  expect(bundle(name)).not.toMatch(/^\s*import\b|\brequire\(/m);
  expect(bundle(name)).not.toContain(projectRoot);
  expect(bundle(name)).not.toContain('stacks/astraler');
});
