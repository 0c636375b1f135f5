import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';

import { projectRoot } from '../_helpers/project-root';
import { synthesizeProject } from '../../terrace/synth/synthesize';
import { temporaryFolder } from '../_helpers/sandbox';
import { whereAvailable } from '../_helpers/where-available';

interface Finding {
  readonly check: string;
  readonly unit: string;
  readonly resource: string;
}

const {
  compare,
  exceptionsOf,
  findingsOf,
  scan,
}: {
  readonly compare: (
    findings: readonly Finding[],
    exceptions: readonly Finding[],
  ) => { readonly unlisted: readonly string[]; readonly stale: readonly string[] };
  readonly exceptionsOf: (text: string) => readonly (Finding & { readonly reason: string })[];
  readonly findingsOf: (report: unknown) => {
    readonly failed: readonly Finding[];
    readonly passed: readonly Finding[];
    readonly errors: readonly string[];
  };
  readonly scan: (tree: string, checkov: string) => unknown;
} = require('../../scripts/checkov.js');

const exceptions = exceptionsOf(readFileSync(path.join(projectRoot, 'checkov-exceptions.yml'), 'utf8'));

whereAvailable('checkov', (file) => {
  let findings: ReturnType<typeof findingsOf>;

  beforeAll(async () => {
    const tree = temporaryFolder('terrace-tree-');
    const project = {
      systems: {
        astra: async () => (await import('../../stacks/astra/system')).astra,
        astraler: async () => (await import('../../stacks/astraler/system')).astraler,
        olechka: async () => (await import('../../stacks/olechka/system')).olechka,
        'pro-mata': async () => (await import('../../stacks/pro-mata/system')).proMata,
        tux: async () => (await import('../../stacks/tux/system')).tux,
      },
    };
    try {
      await synthesizeProject(project, {
        root: projectRoot,
        selectors: [],
        out: tree,
        commit: null,
        dirty: false,
        // Exceptions of an environment that is not built yet are tried before it is.
        includePlanned: true,
      });
      findings = findingsOf(scan(tree, file));
    } finally {
      rmSync(tree, { recursive: true, force: true });
    }
  }, 600_000);

  test('every unit is read, and more than two thousand checks pass', () => {
    expect(findings.errors).toEqual([]);
    expect(new Set(findings.passed.map(({ unit }) => unit)).size).toBeGreaterThan(80);
    expect(findings.passed.length).toBeGreaterThan(2000);
    for (const resource of ['aws_rds_cluster', 'aws_s3_bucket', 'aws_lb', 'aws_db_instance', 'azurerm_storage_account'])
      expect([resource, findings.passed.some((one) => one.resource.startsWith(`${resource}.`))]).toEqual([resource, true]);
    const systems = new Set(findings.passed.map(({ unit }) => unit.replace(/\/.*/, '')));
    expect([...systems].sort()).toEqual(['astra', 'astraler', 'olechka', 'pro-mata', 'tux']);
  });

  test('every finding is explained, and everything explained is still found', () => {
    expect(compare(findings.failed, exceptions)).toEqual({ unlisted: [], stale: [] });
  });
});

/** Checks that may never be excepted in production: public access, encryption at rest, IAM wildcards, deletion protection, backup, logging. */
const neverInProduction = new Set([
  'CKV_AWS_20',
  'CKV_AWS_24',
  'CKV_AWS_25',
  'CKV_AWS_53',
  'CKV_AWS_54',
  'CKV_AWS_55',
  'CKV_AWS_56',
  'CKV_AWS_57',
  'CKV_AWS_70',
  'CKV_AWS_88',
  'CKV_AWS_130',
  'CKV_AWS_277',
  'CKV2_AWS_6',
  'CKV_AWS_17',
  'CKV_AWS_19',
  'CKV_AWS_26',
  'CKV_AWS_27',
  'CKV_AWS_29',
  'CKV_AWS_31',
  'CKV_AWS_96',
  'CKV_AWS_119',
  'CKV_AWS_136',
  'CKV_AWS_149',
  'CKV_AWS_158',
  'CKV_AWS_166',
  'CKV_AWS_173',
  'CKV_AWS_191',
  'CKV_AWS_327',
  'CKV_AWS_354',
  'CKV_AWS_7',
  'CKV_AWS_33',
  'CKV_AWS_1',
  'CKV_AWS_49',
  'CKV_AWS_62',
  'CKV_AWS_63',
  'CKV_AWS_107',
  'CKV_AWS_108',
  'CKV_AWS_109',
  'CKV_AWS_110',
  'CKV_AWS_111',
  'CKV_AWS_286',
  'CKV_AWS_287',
  'CKV_AWS_288',
  'CKV_AWS_289',
  'CKV_AWS_290',
  'CKV_AWS_355',
  'CKV_AWS_356',
  'CKV2_AWS_40',
  'CKV_AWS_61',
  'CKV_AWS_60',
  'CKV_AWS_139',
  'CKV_AWS_150',
  'CKV_AWS_293',
  'CKV_AWS_21',
  'CKV_AWS_28',
  'CKV_AWS_133',
  'CKV_AWS_134',
  'CKV2_AWS_8',
  'CKV_AWS_313',
  'CKV_AWS_18',
  'CKV_AWS_66',
  'CKV_AWS_91',
  'CKV_AWS_324',
  'CKV2_AWS_11',
  'CKV2_AWS_31',
  'CKV2_AWS_27',
]);

test('in production nothing public, unencrypted, unlimited, unprotected, without backup or log is excepted', () => {
  const production = exceptions.filter(({ unit }) => unit.includes('/production/'));
  expect(production.filter(({ check }) => neverInProduction.has(check))).toEqual([]);
  // S3 delivers its logs to buckets under its own key only, and the document's port 80 answers with a redirect.
  const near = production.filter(({ check }) => ['CKV_AWS_145', 'CKV_AWS_260'].includes(check));
  expect(near.filter(({ resource }) => !/(logs|access-logs)_bucket|alb_from-internet-80/.test(resource))).toEqual([]);
});

test('a finding that is not listed and a listed one that is gone are both reported', () => {
  const finding = (resource: string): Finding => ({ check: 'CKV_1', unit: 'x/y', resource });
  expect(compare([finding('a'), finding('b')], [finding('b'), finding('c')])).toEqual({
    unlisted: ['CKV_1 x/y a'],
    stale: ['CKV_1 x/y c'],
  });
});

test('an exception without a reason is refused', () => {
  expect(() => exceptionsOf('exceptions:\n  - check: CKV_1\n    where: [{ unit: x, resource: y }]\n')).toThrow(
    'an exception of CKV_1 lacks check, reason or places',
  );
});

test('the configuration skips nothing', () => {
  expect(readFileSync(path.join(projectRoot, '.checkov.yml'), 'utf8')).not.toMatch(/^\s*(skip-check|skip-path|soft-fail)/m);
});
