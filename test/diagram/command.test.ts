import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, jest } from '@jest/globals';

import { inOrder } from '../_helpers/in-order';
import { terraceCli } from '../_helpers/terrace-cli';

const test = inOrder();

jest.setTimeout(180_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'terrace-diagram-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the committed pages are what the source draws now', async () => {
  const { code, stderr } = await terraceCli(['diagram', '--pages', '--check']);
  expect(stderr).not.toContain('E9003');
  expect(code).toBe(0);
});

test('a picture is written once, left alone when it is right, and reported when it is not', async () => {
  const file = path.join(folder, 'tux.svg');
  const args = ['diagram', 'tux/staging', '--level', 'system', '--out', file];
  expect((await terraceCli(args)).stderr).toBe(`written: ${args.at(-1)}\n`);
  const first = readFileSync(file, 'utf8');
  expect((await terraceCli(args)).stderr).toBe('1 file up to date\n');
  expect((await terraceCli([...args, '--check'])).code).toBe(0);
  writeFileSync(file, `${first}<!-- by hand -->`);
  const check = await terraceCli([...args, '--check']);
  expect([check.code, check.stderr]).toEqual([
    1,
    expect.stringMatching(/^E9003 diagram out of date {3}.*tux\.svg\n {2}it differs from what the source draws now\n/),
  ]);
  expect(readFileSync(file, 'utf8')).toContain('by hand');
  expect((await terraceCli(args)).stderr).toMatch(/^changed: /);
  expect(readFileSync(file, 'utf8')).toBe(first);
});

test('a missing file does not pass the check', async () => {
  const { code, stderr } = await terraceCli(['diagram', 'tux/staging', '--out', path.join(folder, 'none.svg'), '--check']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('the file does not exist')]);
});

test('a file that cannot be written is reported', async () => {
  const { code, stderr } = await terraceCli(['diagram', 'tux/staging', '--level', 'system', '--out', folder]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('E9006 diagram cannot be written')]);
});

test('JSON is the diagram as data, with a version', async () => {
  const { stdout } = await terraceCli(['diagram', 'tux/staging', '--level', 'system', '--format', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, title: 'tux / staging / eu-central', direction: 'auto' });
});

test('the standard output carries the picture alone', async () => {
  const mermaid = await terraceCli(['diagram', 'tux/staging/eu-central/data', '--format', 'mermaid']);
  expect(mermaid.stdout).toMatch(/^flowchart /);
  expect(mermaid.stdout).toContain('compute/bastion');
  const dot = await terraceCli(['diagram', 'tux/staging/eu-central/data', '--format', 'dot', '--level', 'resource']);
  expect(dot.stdout).toMatch(/^digraph "tux \/ staging \/ eu-central \/ data" \{/);
  const svg = await terraceCli(['diagram', 'tux/staging/eu-central/data', '--theme', 'dark']);
  expect(svg.stdout).toMatch(/^<svg .*<\/svg>\n$/s);
});

test('a page holds the selected units, their lines of the source and what another command printed', async () => {
  const file = path.join(folder, 'tux.html');
  const status = path.join(folder, 'status.json');
  const unit = { reasons: ['its source changed'], notes: [], commit: null, at: null, lock: null };
  const units = [{ ...unit, unit: 'tux/staging/eu-central/data/postgres', status: 'behind' }];
  writeFileSync(status, JSON.stringify({ version: 1, units, pending: [], orphans: [] }));
  const args = ['diagram', 'tux/staging/eu-central/data', '--format', 'html', '--status', status, '--out', file];
  expect((await terraceCli(args)).stderr).toMatch(/written: .*tux\.html\n$/);
  const data = JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(readFileSync(file, 'utf8'))?.[1] ?? '');
  const nodes: readonly { readonly id: string; readonly depth: string; readonly place?: string }[] = data.nodes;
  expect(nodes.filter(({ depth }) => depth === 'unit').every(({ id }) => id.startsWith('tux/staging/eu-central/data/'))).toBe(true);
  expect(nodes.find(({ id }) => id === 'tux/staging/eu-central/data/postgres')?.place).toMatch(/^stacks\/tux\/.*\.ts:\d+$/);
  expect(data.overlays.status.marks['tux/staging/eu-central/data/postgres']).toEqual({
    tone: 'behind',
    word: 'behind',
    notes: ['its source changed'],
  });
  expect((await terraceCli([...args, '--check'])).code).toBe(0);
});

test.each([
  [['diagram', 'tuxx'], 'E1201'],
  [['diagram', 'tux/staging/eu-central/data/postgre'], 'E1205'],
  [['diagram', 'tux', '--check'], 'E9004'],
  [['diagram', 'tux', '--level', 'galaxy'], 'Allowed choices are system, unit, resource'],
  [['diagram', 'tux', '--status', 'package.json'], 'E9008'],
  [['diagram', 'tux/staging', '--format', 'html', '--status', 'package.json'], 'E9007'],
  [['diagram', 'tux', '--format', 'png'], 'Allowed choices are svg, html, mermaid, dot, json'],
])('%j is a wrong usage', async (args, words) => {
  const { code, stderr } = await terraceCli(args);
  expect([code, stderr]).toEqual([64, expect.stringContaining(words)]);
});
