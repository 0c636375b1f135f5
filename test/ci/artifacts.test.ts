import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { reviewedArtifacts } from '../../terrace/ci/scripts';
import { artifactsDigest } from '../../terrace/delivery/tree/artifacts';
import { temporaryFolder } from '../_helpers/sandbox';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('terrace-artifacts-');
  for (const [name, content] of Object.entries({
    'ansible/site.yml': '- hosts: all\n',
    'ansible/inventory/terraform.py': 'print("{}")\n',
    'Ä b.txt': 'name with a blank and a letter beyond ASCII\n',
    'a-b': '1',
    'a/b': '2',
  }))
    write(name, content);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): void {
  const file = path.join(folder, 'tree', 'shop', 'dev', 'artifacts', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Runs the check of a job on a bundle that holds a digest; gives its exit code and what it said. */
function checked(artifacts: string | undefined, hash?: string): readonly [number | null, string] {
  const bundle = JSON.stringify({ covers: [{ environment: 'shop/dev', units: [], ...(artifacts === undefined ? {} : { artifacts }) }] });
  writeFileSync(path.join(folder, 'bundle.json'), bundle);
  spawnSync('tar', ['--create', '--gzip', '--file', 'bundle.tar.gz', 'bundle.json'], { cwd: folder });
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', TARGET: 'shop/dev', HASH: hash ?? createHash('sha256').update(bundle).digest('hex') };
  const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', reviewedArtifacts.join('\n')], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return [status, stderr.trim()];
}

const other = 'refused: the artifacts of shop/dev are not the ones in the reviewed bundle';

test('a job finds the digest in the shell that the plan sealed', () => {
  const digest = artifactsDigest(path.join(folder, 'tree'), 'shop/dev');
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(checked(digest)).toEqual([0, '']);
});

test('an artifact that somebody changed, added, took away or linked after the review is refused', () => {
  const digest = artifactsDigest(path.join(folder, 'tree'), 'shop/dev');
  write('ansible/site.yml', '- hosts: localhost\n');
  expect(checked(digest)).toEqual([3, other]);
  write('ansible/site.yml', '- hosts: all\n');
  expect(checked(digest)).toEqual([0, '']);
  write('ansible/more.yml', '');
  expect(checked(digest)).toEqual([3, other]);
  rmSync(path.join(folder, 'tree/shop/dev/artifacts/ansible/more.yml'));
  symlinkSync('/etc/passwd', path.join(folder, 'tree/shop/dev/artifacts/ansible/link'));
  expect(checked(digest)).toEqual([3, other]);
  expect(() => artifactsDigest(path.join(folder, 'tree'), 'shop/dev')).toThrow('E6025');
});

test('a bundle without a digest, or another one than was reviewed, lets nothing run', () => {
  const digest = artifactsDigest(path.join(folder, 'tree'), 'shop/dev');
  expect(checked(undefined)).toEqual([3, other]);
  expect(checked(digest, 'f'.repeat(64))).toEqual([3, 'refused: this is not the bundle that was reviewed']);
  expect(artifactsDigest(path.join(folder, 'tree'), 'shop/staging')).toBeUndefined();
});
