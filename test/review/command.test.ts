import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { packArchive } from '../../terrace/delivery/bundle/archive';
import type { BundleContent } from '../../terrace/delivery/bundle/content';
import { projectRoot } from '../_helpers/project-root';
import { temporaryFolder } from '../_helpers/sandbox';
import { newCast, sealedBundle } from '../_helpers/sealed-bundle';
import { network, service, shopPath } from '../_helpers/shop-tree';
import { terraceCli } from '../_helpers/terrace-cli';

import { madeResource, type MadeChange } from './_fixtures/plan-of';

const secret = 'CANARY-the-database-password';
const changes: readonly MadeChange[] = [
  { address: 'aws_s3_bucket.gone', before: { bucket: 'pictures', tags_all: {} } },
  {
    address: 'aws_db_instance.app',
    before: { password: 'old-CANARY-password', engine_version: '15.4' },
    after: { password: secret, engine_version: '16.1', copied: secret },
    sensitive: ['password'],
  },
  { address: 'aws_iam_access_key.ci', after: { user: 'ci' } },
];

let folder: string;
let bundle: string;
let archive: string;

function at(name: string): string {
  return path.join(folder, name);
}

function unpack(content: BundleContent, to: string): string {
  for (const [name, bytes] of content.files) {
    mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    writeFileSync(path.join(to, name), bytes);
  }
  return to;
}

const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8' }).trim();

beforeAll(async () => {
  folder = temporaryFolder('terrace-review-command-');
  const content = await sealedBundle(
    {
      units: [
        {
          unit: network(),
          plan: {
            resource_changes: changes.map(madeResource),
            output_changes: { subnet_id: { actions: ['update'], before: 'subnet-1', after: 'subnet-2', after_unknown: false } },
          },
        },
        {
          unit: service(),
          plan: { resource_changes: [] },
          consumed: [{ id: 'network/vpc', lineage: 'line', values: { subnet_id: 'subnet-1' } }],
        },
      ],
      change: (one) => ({
        ...one,
        expiresAt: '2999-01-01T00:00:00.000Z',
        // What every clone has, whatever its branches are called.
        rules: { base: git('rev-parse', 'HEAD'), files: ['policies/naming.ts'] },
        deferred: [{ unit: shopPath('data/db'), reason: 'waits', upstream: shopPath('network/vpc'), outputs: ['subnet_id'] }],
      }),
    },
    await newCast(),
  );
  bundle = unpack(content, at('bundle'));
  archive = at('bundle.tar.gz');
  writeFileSync(archive, packArchive(content.files));
}, 600_000);

describe('terrace review', () => {
  test('prints what happens and the findings, the worst first, without a key', async () => {
    const { code, stdout } = await terraceCli(['review', bundle]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^shop\/dev  eu-central-1  account \d{12}\ncommit [0-9a-f]{12}/);
    expect(stdout).toMatch(/^shop\/dev\/eu-central-1\n  network\/vpc  1 to destroy, 1 to change, 1 to create/m);
    expect(stdout).toMatch(/^  data\/db +later: waits$/m);
    expect(stdout).toMatch(/\nnext: .+\n  terrace approve \S+ --hash [0-9a-f]{12} --key <your key>\n$/);
    const rules = [...stdout.matchAll(/\(([a-z-]+)\)$/gm)].map(([, rule]) => rule);
    expect(rules).toEqual(expect.arrayContaining(['bucket-destroyed', 'rules-changed', 'secret-value-changed', 'engine-version-changed']));
    expect(rules.indexOf('bucket-destroyed')).toBeLessThan(rules.indexOf('engine-version-changed'));
  }, 600_000);

  test('writes the page, the comment, SARIF and JSON from the archive as from the folder; no secret is in any of them', async () => {
    const texts: string[][] = [];
    for (const [name, place] of [
      ['folder', bundle],
      ['archive', archive],
    ] as const) {
      const files = ['html', 'md', 'sarif', 'json'].map((ending) => at(`out/${name}.${ending}`));
      const [html = '', markdown = '', sarif = '', json = ''] = files;
      const { code, stdout, stderr } = await terraceCli([
        'review',
        place,
        '--html',
        html,
        '--markdown',
        markdown,
        '--sarif',
        sarif,
        '--json',
        json,
      ]);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
      // The command that comes next names the place.
      texts.push(files.map((file) => readFileSync(file, 'utf8').replaceAll(place, 'PLACE')));
    }
    expect(texts[0]).toEqual(texts[1]);
    for (const text of texts[0] ?? []) expect(text).not.toContain('CANARY');
    expect(texts[0]?.[0]).toContain('aws_db_instance');
    const parsed = JSON.parse(texts[0]?.[3] ?? '') as {
      readonly version: number;
      readonly units: readonly { readonly path: string; readonly outputs: readonly { readonly consumers: readonly string[] }[] }[];
    };
    expect(parsed.version).toBe(1);
    expect(parsed.units.find(({ path: unit }) => unit === shopPath('network/vpc'))?.outputs[0]?.consumers).toEqual([
      shopPath('compute/api'),
      shopPath('data/db'),
    ]);
  }, 600_000);

  test('shows policies and Infracost’s figures when they are given', async () => {
    writeFileSync(
      at('cost.json'),
      JSON.stringify({
        currency: 'EUR',
        totalMonthlyCost: '120.5',
        pastTotalMonthlyCost: '100',
        diffTotalMonthlyCost: '20.5',
        projects: [{ name: 'network', diff: { totalMonthlyCost: '20.5' } }],
      }),
    );
    const { code, stdout } = await terraceCli([
      'review',
      bundle,
      '--json',
      '-',
      '--infracost',
      at('cost.json'),
      '--policies',
      path.join(projectRoot, 'policies'),
    ]);
    expect(code).toBe(0);
    const parsed = JSON.parse(stdout) as { readonly costs: unknown; readonly policies: readonly { readonly policy: string }[] };
    expect(parsed.costs).toEqual({
      currency: 'EUR',
      before: 100,
      after: 120.5,
      difference: 20.5,
      units: [{ name: 'network', difference: 20.5 }],
    });
    expect(parsed.policies.map(({ policy }) => policy)).toContain('allowed-types');
  }, 600_000);

  test('opens the page with what the system has for it', async () => {
    const bin = at('bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" > '${at('opened')}'\n`);
    chmodSync(path.join(bin, 'xdg-open'), 0o755);
    const { code, stdout } = await terraceCli(['review', bundle, '--open', '--html', at('open.html')], {
      ...process.env,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    });
    expect(code).toBe(0);
    expect(stdout.trim()).toBe(at('open.html'));
    for (let wait = 0; wait < 100 && !existsSync(at('opened')); wait++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(readFileSync(at('opened'), 'utf8').trim()).toBe(at('open.html'));
  }, 600_000);

  test.each([
    ['a bundle that is not there', () => ['review', at('missing')], 1, 'E6001'],
    ['a limit that is none', () => ['review', bundle, '--markdown', '-', '--markdown-limit', 'tiny'], 64, 'E7003'],
    ['a cost estimate that is none', () => ['review', bundle, '--infracost', path.join(bundle, 'bundle.json')], 1, 'E7002'],
    ['a file that cannot be read', () => ['review', bundle, '--infracost', at('missing.json')], 1, 'E7004'],
    ['a file that cannot be written', () => ['review', bundle, '--html', `${bundle}/bundle.json/x.html`], 1, 'E7004'],
    ['policies that are not there', () => ['review', bundle, '--policies', at('missing')], 3, 'E7101'],
  ])(
    '%s is refused with its code',
    async (_, args, exit, error) => {
      const { code, stderr } = await terraceCli(args());
      expect({ code, error: stderr.slice(0, 5) }).toEqual({ code: exit, error });
    },
    30_000,
  );

  test('a base that was asked for must be there, one that only the bundle names is left out with a word', async () => {
    const asked = await terraceCli(['review', bundle, '--base=--output=taken']);
    expect([asked.code, asked.stderr]).toEqual([64, expect.stringContaining('E6030 unknown commit   --output=taken')]);
    expect(existsSync(path.join(projectRoot, 'taken'))).toBe(false);
    const content = await sealedBundle(
      { units: [{ unit: network() }], change: (one) => ({ ...one, rules: { base: '--output=taken', files: [] } }) },
      await newCast(),
    );
    const named = await terraceCli(['review', unpack(content, at('foreign-base'))]);
    expect([named.code, named.stderr]).toEqual([0, expect.stringContaining('"--output=taken" of the bundle is not in this clone')]);
    expect(existsSync(path.join(projectRoot, 'taken'))).toBe(false);
  }, 600_000);

  test('a bundle that was changed is not reviewed', async () => {
    const changed = at('changed');
    mkdirSync(changed, { recursive: true });
    const { content } = { content: readFileSync(archive) };
    writeFileSync(at('cut.tar.gz'), content.subarray(0, content.length - 20));
    expect(await terraceCli(['review', at('cut.tar.gz')])).toMatchObject({ code: 3, stderr: expect.stringMatching(/^E6004/) });
  }, 600_000);
});

describe('terrace policy', () => {
  test('its `check` ends with 3 where a policy refuses, saying what and where', async () => {
    const { code, stdout } = await terraceCli(['policy', 'check', bundle, '--policies', path.join(projectRoot, 'policies')]);
    expect(code).toBe(3);
    expect(stdout).toContain(`refuses  allowed-types  ${shopPath('network/vpc')} › aws_iam_access_key.ci`);
  }, 600_000);

  test('its `check` without a base is refused in CI, and says so elsewhere', async () => {
    expect(await terraceCli(['policy', 'check', bundle], { ...process.env, CI: 'true' })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^E7106 policies from the change itself/),
    });
    const { CI: _ci, ...env } = process.env;
    expect((await terraceCli(['policy', 'check', bundle, '--json'], env)).stderr).toContain(
      'checked against the policies of this work tree',
    );
  }, 600_000);

  test('its `test` ends with 1 where a policy fails its own plans', async () => {
    expect(await terraceCli(['policy', 'test'])).toMatchObject({ code: 0, stdout: expect.stringContaining('6 policies, 0 failed') });
    mkdirSync(at('policies'), { recursive: true });
    writeFileSync(
      at('policies/bad.ts'),
      `import { planWith, policy } from 'terrace/policy';\nexport default policy({ id: 'bad-one', severity: 'deny', explain: 'It never refuses anything at all.', check: () => [], test: { holds: { none: { units: [] } }, refuses: { one: planWith('a/b/c/d/e', 'x.y', {}) } } });\n`,
    );
    expect(await terraceCli(['policy', 'test', '--policies', at('policies')])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('FAILED  bad-one  2 plans'),
    });
  }, 600_000);
});
