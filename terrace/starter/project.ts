import { createHash } from 'node:crypto';

import { valueName } from './names';
import { pipelineFiles, type PipelineAnswers } from './pipeline';
import { stateUnitSource } from './state-unit';
import { systemFiles, type PlaceAnswers } from './system';
import type { NewFiles } from './write';

/** A team's own repository, without its `package.json`: one system with the bootstrap unit, settings, a policy and a test. */
export function projectFiles(answers: PipelineAnswers): NewFiles {
  const { system } = answers;
  return new Map([
    [
      'cdktf.json',
      json({
        language: 'typescript',
        app: `node -e "require('terrace/app')"`,
        projectId: uuidOf(system),
        sendCrashReports: 'false',
        codeMakerOutput: '.gen',
        terraformProviders: [],
        terraformModules: [],
        context: {},
      }),
    ],
    ['tsconfig.json', json(compiler)],
    ['.gitignore', 'node_modules/\n.terrace/\n.sandbox/\n.gen/\nlive/\ncdktf.out/\n'],
    ['main.ts', mainSource(system)],
    ['backend/state-unit.ts', stateUnitSource],
    ['envcommon/storage.ts', storageSource],
    ['policies/buckets-stay.ts', policySource(answers)],
    ['terrace.approvals.json', json({ version: 1, keys: [], environments: { '*': { approvals: 1, approvers: [] } } })],
    ['test/sandbox.test.js', testSource],
    ['README.md', readme(answers)],
    ...systemFiles(answers, { pipeline: true }),
    ...pipelineFiles(answers),
  ]);
}

/** What `package.json` needs; a key that it has already stays as it is. */
export function packageSettings(name: string, versions: { readonly [dependency: string]: string }): object {
  return {
    name,
    private: true,
    scripts: {
      start: 'terrace start',
      program: 'node node_modules/terrace/bin/program.js',
      test: 'tsc -p . && terrace policy test && node --test test/',
    },
    dependencies: versions,
    devDependencies: { '@types/node': '20.19.24', typescript: '7.0.2' },
  };
}

/** The settings with what a file has already: no value of it changes. */
export function withSettings(before: unknown, wanted: object): object {
  if (typeof before !== 'object' || before === null || Array.isArray(before)) return wanted;
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(wanted)) {
    const own = merged[name];
    if (own === undefined) merged[name] = value;
    else if (typeof own === 'object' && typeof value === 'object' && value !== null) merged[name] = withSettings(own, value);
  }
  return merged;
}

const compiler = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023'],
    module: 'preserve',
    moduleResolution: 'bundler',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    isolatedModules: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['main.ts', 'backend', 'envcommon', 'stacks', 'policies'],
};

function mainSource(system: string): string {
  return `import type { Project } from 'terrace';

/** The systems of this repository, each loaded only when it is selected. */
export const project: Project = {
  systems: {
    ${/-/.test(system) ? `'${system}'` : system}: async () => (await import('./stacks/${system}/system')).${valueName(system)},
  },
};
`;
}

const storageSource = `/** Settings that buckets of all environments share. */
export function replacedVersions(values: { readonly keepReplacedDays: number }) {
  return {
    id: 'replaced-versions',
    status: 'Enabled',
    filter: [{ prefix: '' }],
    noncurrentVersionExpiration: [{ noncurrentDays: values.keepReplacedDays }],
  };
}
`;

function policySource({ system, environment, region }: PlaceAnswers): string {
  const unit = `${system}/${environment}/${region}/storage/artifacts`;
  return `import { planWith, policy, written } from 'terrace/policy';

export default policy({
  id: 'buckets-stay',
  severity: 'deny',
  explain: 'Renaming a bucket that may be destroyed with its objects destroys them.',
  check: (plan) =>
    [...written(plan)].flatMap(({ unit, change, after }) =>
      change.type === 'aws_s3_bucket' && after['force_destroy'] === true
        ? [{ message: 'force_destroy is on', unit: unit.path, address: change.address }]
        : [],
    ),
  test: {
    holds: { 'a bucket that stays': planWith('${unit}', 'aws_s3_bucket.bucket', { force_destroy: false }) },
    refuses: { 'a bucket that goes with its objects': planWith('${unit}', 'aws_s3_bucket.bucket', { force_destroy: true }) },
  },
});
`;
}

const testSource = `'use strict';
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { after, test } = require('node:test');

const program = path.join(path.dirname(require.resolve('terrace/package.json')), 'bin', 'terrace.js');
const terrace = (...args) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
after(() => terrace('sandbox', 'stop'));

test('everything deploys in the sandbox, and a second plan changes nothing', () => {
  const { status, stdout, stderr } = terrace('start');
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /second plan: no changes in \\d+ units?/);
});
`;

function readme({ system, environment }: PlaceAnswers): string {
  return `# ${system}

    npm ci && npm test          types, policies, and everything deployed in an offline sandbox
    npx --no terrace list       every unit and its wave

\`npx --no terrace new unit ${system}/<layer>/<unit>\` adds a unit, \`new environment\` and \`new region\` add those.

Before anything can be applied in ${system}/${environment}: put approvers with their keys into terrace.approvals.json
(\`npx --no terrace keygen\`), and let an administrator run \`npx --no terrace backend bootstrap ${system}/${environment}\`.

Its pipeline is \`.github/workflows/\`, made from \`stacks/${system}/ci.ts\` by \`npx --no terrace ci generate\`. It runs once the repository
named there has its deployment environments and keys (\`terrace ci doctor\` says what is missing), an age recipient in \`ci/recipients.txt\`,
and in \`ci/terrace.json\` the program that plans and applies, which \`npx --no terrace ci pin\` writes. The trust of its roles is \`ci/roles.json\`.
`;
}

/** The same id for the same name, so that two people who try it get the same files. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`terrace project ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
