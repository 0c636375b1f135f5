import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { PutObjectCommand } from '@aws-sdk/client-s3';
import { parse, stringify } from 'yaml';

import { ci } from '../../../stacks/olechka/ci';
import { s3Client } from '../../../terrace/aws/clients';
import { jobTrust } from '../../../terrace/ci/github/trust';
import { newSigningKey } from '../../../terrace/delivery/approval/keys';
import { newAgeKey } from '../../../terrace/delivery/bundle/age';
import { linkPackages } from '../../../terrace/git/link-packages';
import type { Model } from '../../../terrace/model/model';
import { writeMirror } from '../../../terrace/sandbox/providers/mirror/mirror';
import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder, testSandbox } from '../../_helpers/sandbox';
import { makeShopBackend } from '../../_helpers/shop-tree';
import { startHost, type Host, type Place } from './host';
import { KeptScripts } from './kept-scripts';
import { WorkflowRun } from './runner';
import { runnerPrograms } from './runner-programs';

export interface OlechkaProject {
  readonly host: Host;
  readonly canaries: readonly string[];
  /** Units of the tree, by environment. */
  readonly units: Readonly<Record<string, readonly string[]>>;
  /** Commits a change of a value of every environment, merges it, and starts the run of that push. */
  push(author: string, edit: { readonly file: string; readonly find: string; readonly replace: string }): WorkflowRun;
  /** The run of the protected branch as it stands. */
  start(actor: string): WorkflowRun;
  dispose(): Promise<void>;
}

const environments = ['dev', 'staging', 'production'] as const;
const region = 'eu-central-1';
const persons = { ana: 'ana@example.com', bob: 'bob@example.com', cem: 'cem@example.com', dan: 'dan@example.com' };

/** What the repository of olechka alone holds, beside its own stacks: its source, and the workflows as they are generated for it. */
const copied = [
  '.checkov.yml',
  '.gitignore',
  '.oxfmtrc.json',
  '.oxlintrc.json',
  '.terraform-version',
  '.gen',
  '.github/workflows/_round.yml',
  '.github/workflows/olechka.yml',
  'backend',
  'cdktf.json',
  'ci/actions.json',
  'envcommon',
  'modules',
  'package.json',
  'policies',
  'scripts/checkov.js',
  'scripts/tools',
  'stacks/olechka',
  'terrace',
  'tsconfig.json',
];

const mainFile = `import type { Project } from 'terrace';

export const project: Project = {
  systems: { olechka: async () => (await import('./stacks/olechka/system')).olechka },
};
`;

/**
 * olechka in a repository of its own: its source, and its workflows as they stand here. Development has `units` of one region, the other
 * environments its key: a whole estate would prove no more of the pipeline, and take minutes. What stands for this machine's missing programs
 * is Checkov (it finds what is listed), Go and Infracost.
 */
export async function olechkaProject(units: readonly string[]): Promise<OlechkaProject> {
  const folder = temporaryFolder('terrace-olechka-');
  const at = (...names: readonly string[]): string => path.join(folder, ...names);
  const source = at('source');
  const git = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'commit.gpgsign=false', ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const write = (name: string, content: string): void => {
    mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
    writeFileSync(path.join(source, name), content);
  };
  for (const name of copied) {
    mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
    execFileSync('cp', ['-aL', path.join(projectRoot, name), path.join(source, name)]);
  }
  rmSync(path.join(source, 'terrace', 'dist'), { recursive: true, force: true });
  rmSync(path.join(source, 'stacks', 'olechka', 'node_modules'), { recursive: true, force: true });
  rmSync(path.join(source, 'terrace', 'node_modules'), { recursive: true, force: true });
  const edit = (name: string, find: string, replace: string): void => {
    const text = readFileSync(path.join(source, name), 'utf8');
    if (!text.includes(find)) throw new Error(`${name} has no ${find}`);
    write(name, text.replace(find, replace));
  };
  edit(
    'stacks/olechka/system.ts',
    'for (const region of regions) new OlechkaRegion(environment, region, regionUnits);',
    `const names = environment.name === 'dev' ? ${JSON.stringify(units).replaceAll('"', "'").replaceAll(',', ', ')} : ['security/kms'];
    const table = Object.fromEntries(Object.entries(regionUnits).filter(([name]) => names.includes(name)));
    for (const region of regions.slice(0, 1)) new OlechkaRegion(environment, region, table);`,
  );
  edit('stacks/olechka/system.ts', "  'iam/github-oidc': GithubOidcUnit,\n", '');
  edit('stacks/olechka/system.ts', "import { GithubOidcUnit } from './units/iam/github-oidc';\n", '');
  write('main.ts', mainFile);
  const [age, engine] = [await newAgeKey(), newSigningKey()];
  const approvers = Object.values(persons);
  const rules = (approvals: number, more: readonly string[] = []) => ({
    approvals,
    approvers: [...more, ...approvers],
    gateKeys: ['pipeline'],
  });
  write(
    'terrace.approvals.json',
    `${JSON.stringify(
      {
        version: 1,
        keys: [{ identity: 'pipeline', publicKey: engine.publicPem }],
        logins: persons,
        environments: { 'olechka/dev': rules(1, ['pipeline']), 'olechka/staging': rules(1), 'olechka/production': rules(2) },
      },
      null,
      2,
    )}\n`,
  );
  write('ci/recipients.txt', `${age.recipient}\n`);
  linkPackages(projectRoot, source);
  execFileSync(process.execPath, ['terrace/bin/terrace.js', 'synth'], { cwd: source, stdio: 'pipe' });
  const model: Model = JSON.parse(readFileSync(path.join(source, 'live', 'synth.json'), 'utf8'));
  write('checkov-exceptions.yml', exceptionsOf(model));
  const as = (author: string): readonly string[] => ['-c', `user.name=${author}`, '-c', `user.email=${author}@example.com`];
  const save = (author: string, message: string): string => {
    execFileSync(process.execPath, ['node_modules/oxfmt/bin/oxfmt'], { cwd: source, stdio: 'pipe' });
    git(source, 'add', '--all');
    git(source, ...as(author), 'commit', '--quiet', '--message', message);
    return git(source, 'rev-parse', 'HEAD');
  };
  git(source, 'init', '--quiet', '--initial-branch=main');
  const program = save('root', 'the program');
  execFileSync(process.execPath, ['terrace/build/program.js', '--out', at('terrace.cjs')], { cwd: source, stdio: 'pipe' });
  const sha256 = createHash('sha256')
    .update(readFileSync(at('terrace.cjs')))
    .digest('hex');
  write('ci/terrace.json', `${JSON.stringify({ commit: program, sha256 }, null, 2)}\n`);
  const accepted = save('root', 'pin the program');
  const origin = at('origin.git');
  git(folder, 'clone', '--quiet', '--bare', source, origin);

  const sandbox = await testSandbox();
  writeMirror(projectRoot, sandbox.dir, path.join(sandbox.dir, 'mirror'));
  const accountOf = (environment: string): string => {
    const found = model.systems[0]?.environments.find(({ name }) => name === environment);
    if (found === undefined) throw new Error(`no environment ${environment}`);
    return found.stateAccount;
  };
  for (const environment of environments) {
    const account = accountOf(environment);
    const env = sandbox.env({ account, units: [] });
    await makeShopBackend(env, account);
    const s3 = await s3Client(region, env);
    await s3.send(
      new PutObjectCommand({
        Bucket: `terraform-state-${account}-${region}`,
        Key: `${environment}/accepted.json`,
        Body: JSON.stringify({
          version: 1,
          environment: `olechka/${environment}`,
          commit: accepted,
          by: 'bootstrap',
          at: '2026-11-21T10:00:00.000Z',
          bundle: null,
          before: null,
        }),
      }),
    );
    s3.destroy();
  }
  const env = sandbox.env({ account: accountOf('dev'), units: model.units });
  const trust = (place: string): Readonly<Record<string, readonly string[]>> => {
    const { subjects, claims } = jobTrust(ci.repository, place);
    return {
      aud: ['sts.amazonaws.com'],
      sub: subjects,
      ...Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, [value]])),
    };
  };
  const host = await startHost(
    Object.fromEntries(
      environments.flatMap((environment) => {
        const { plan, apply } = ci.environments[environment]?.roles ?? { plan: '', apply: '' };
        return [
          [plan, trust(`${environment}-plan`)],
          [apply, trust(environment)],
        ];
      }),
    ),
    { sts: env['AWS_ENDPOINT_URL_STS'] ?? '', token: env['AWS_SECRET_ACCESS_KEY'] ?? '' },
  );
  const canary = (name: string): string => `canary-${name}-${createHash('sha256').update(`${folder}${name}`).digest('hex').slice(0, 12)}`;
  const costs = canary('infracost');
  const slack = `${host.address}/${canary('slack')}`;
  const variables = Object.entries(env).filter(([name]) => name.startsWith('TF_VAR_'));
  const settings = Object.fromEntries(variables.map(([name, value]) => [name.toUpperCase(), value ?? '']));
  const places: Record<string, Place> = { costs: { secrets: { INFRACOST_API_KEY: costs } } };
  for (const environment of environments) {
    places[`${environment}-plan`] = { secrets: { SLACK_WEBHOOK: slack }, settings };
    for (const suffix of ['', '-2', '-3', '-4']) places[`${environment}-review${suffix}`] = { reviewers: Object.keys(persons) };
    places[environment] = { secrets: { TERRACE_SIGNING_KEY: engine.privatePem, TERRACE_AGE_IDENTITY: age.identity }, settings };
  }
  const programs = await runnerPrograms(at('bin'), env, host, missingPrograms);
  const { base } = programs;
  // Who signed in is in the sandbox's shell: olechka's resources are simulated ones, which nobody applies outside of it.
  const cloud = { ...programs.cloud, TERRACE_SANDBOX: env['TERRACE_SANDBOX'], TERRACE_SANDBOX_DIR: env['TERRACE_SANDBOX_DIR'] };
  const kept = new KeptScripts(at('kept'));
  let runs = 0;
  const start = (actor: string, before = accepted): WorkflowRun => {
    runs += 1;
    const commit = git(origin, 'rev-parse', 'refs/heads/main');
    return new WorkflowRun(
      { repository: { name: ci.repository.name, origin, places }, host, folder: at('runs'), base, cloud, kept },
      String(runs),
      'olechka.yml',
      { name: 'push', commit, before, actor },
    );
  };
  return {
    host,
    canaries: [costs, canary('slack'), age.identity, engine.privatePem.split('\n')[1] ?? ''],
    units: Object.fromEntries(
      environments.map((environment) => [
        environment,
        model.units.filter((one) => one.environment === environment && !one.bootstrap).map((one) => one.path),
      ]),
    ),
    push: (author, change) => {
      const before = git(source, 'rev-parse', 'HEAD');
      edit(change.file, change.find, change.replace);
      const commit = save(author, change.replace);
      git(source, 'push', '--quiet', origin, 'HEAD:refs/heads/main');
      host.proposals.set(commit, [author]);
      return start(author, before);
    },
    start: (actor) => start(actor),
    dispose: async () => {
      await host.close();
      await sandbox.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The exceptions of the units that the tree has. */
function exceptionsOf(model: Model): string {
  interface Listed {
    readonly exceptions: readonly {
      readonly check: string;
      readonly reason: string;
      readonly where: readonly { readonly unit: string }[];
    }[];
  }
  const { exceptions }: Listed = parse(readFileSync(path.join(projectRoot, 'checkov-exceptions.yml'), 'utf8')) as Listed;
  const known = new Set(model.units.map((unit) => unit.path));
  const listed = exceptions.flatMap((one) => {
    const where = one.where.filter(({ unit }) => known.has(unit));
    return where.length === 0 ? [] : [{ ...one, where }];
  });
  return stringify({ exceptions: listed });
}

/** Checkov finds what is listed; Go builds a program that estimates nothing. */
const missingPrograms = {
  python3: `#!/bin/bash
if [ "$1 $2" = "-m venv" ]; then
  mkdir -p "$3/bin"
  printf '#!/bin/sh\\n' > "$3/bin/pip"
  cat > "$3/bin/checkov" <<'EOF'
#!${process.execPath}
const { exceptions } = require(${JSON.stringify(path.join(projectRoot, 'node_modules', 'yaml'))}).parse(require('node:fs').readFileSync('checkov-exceptions.yml', 'utf8'));
const failed_checks = exceptions.flatMap(({ check, where }) => where.map(({ unit, resource }) => ({ check_id: check, file_path: '/' + unit + '/main.tf.json', resource })));
process.stdout.write(JSON.stringify({ results: { failed_checks, passed_checks: [{ check_id: 'any', file_path: '/any/main.tf.json', resource: 'any' }], parsing_errors: [] } }));
EOF
  chmod +x "$3/bin/pip" "$3/bin/checkov"
else exec /usr/bin/python3 "$@"; fi
`,
  go: `#!/bin/bash
printf '#!/bin/sh\\nfor last; do :; done\\necho "estimated" > "$last"\\n' > "$GOBIN/infracost"
chmod +x "$GOBIN/infracost"
`,
};
