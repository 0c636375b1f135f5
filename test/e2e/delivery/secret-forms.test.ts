import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { labProject, type LabProject } from '../../_helpers/lab-project';
import type { Lab } from '../../_helpers/lab-types';
import { projectRoot } from '../../_helpers/project-root';
import { succeeded } from '../../_helpers/scratch-project';

/** Each holds what one way of writing it down changes: HTML and JSON, shells and addresses, quotes, spaces, lines. */
const secrets = {
  plain: 'Pl4in-Canary_Value-01',
  quoted: `Qu0ted"Can\\ary'<&>\${1}%`,
  db_password: 'Unm4rked-by-a-Change-7',
  lines: 'L1ne one~x\nL1ne <two>~y\n  L1ne "three"~z\n',
  amp: 'R4ndom&Pass<word>9',
  bang: 'R4ndom!Pass(word)*9',
  quote: 'R4ndom"Pass\\word9',
  space: 'R4ndom Pass word9~',
};

const read = (name: string): Lab => JSON.parse(readFileSync(path.join(projectRoot, 'test/e2e/delivery/_cases', name), 'utf8'));

/** A unit whose source no longer says that its variable is secret. */
const opened = {
  variables: { db_password: false },
  json: { 'resource.terraform_data': { plain: { input: '${var.db_password}' }, turned: { input: '${strrev(var.db_password)}' } } },
  outputs: { value: '${upper(var.db_password)}' },
};

/** The case, and what loses terraform's marks: a local, `nonsensitive()`, and a local of it. */
function after(): Lab {
  const lab = read('secrets-after.json');
  const units = lab.environments['dev']?.regions['eu-central-1'] ?? {};
  const unit = units['c4/f'] ?? {};
  const json = {
    ...unit.json,
    locals: { plain: '${nonsensitive(var.amp)}', address: '${"https://app:${urlencode(nonsensitive(var.bang))}@host/"}' },
    'resource.terraform_data': {
      ...unit.json?.['resource.terraform_data'],
      amp_local: { input: '${local.plain}' },
      amp_upper: { input: '${upper(local.plain)}' },
      amp_reversed: { input: '${strrev(local.plain)}' },
      amp_reversed_again: { input: '${"<${upper(terraform_data.amp_reversed.input)}>"}' },
      // What a provider gave back, and functions made of it.
      amp_turned: { input: '${strrev(terraform_data.amp.output)}' },
      amp_packed_twice: { input: '${base64encode(base64encode(terraform_data.amp.output))}' },
      amp_windows: { input: '${textencodebase64(terraform_data.amp.output, "UTF-16LE")}' },
      bang_local: { input: '${local.address}' },
      innocent: { input: { ordinary: 'R4ndom words', arn: 'arn:aws:s3:::a-bucket/Password', number: 49152 } },
    },
  };
  return {
    environments: {
      dev: { account: '123456789012', regions: { 'eu-central-1': { ...units, 'c4/f': { ...unit, json }, 'c4/o': opened } } },
    },
  };
}

let lab: LabProject;
let env: NodeJS.ProcessEnv;
const printed: string[] = [];
beforeAll(async () => {
  lab = await labProject(read('secrets-before.json'));
  env = { ...lab.env, ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`TF_VAR_${name}`, value])) };
}, 600_000);
afterAll(() => lab.dispose());

const at = (name: string): string => path.join(lab.root, '.terrace', name);

async function run(...args: readonly string[]): Promise<void> {
  printed.push(succeeded(await lab.terrace(args, env)).output);
}

/** Every way in which a text may stand in another one. */
function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const go = json.replaceAll(/[&<>]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const query = encodeURIComponent(secret)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const packed = [secret, `app:${secret}`].map((text) => Buffer.from(text).toString('base64').replace(/=+$/, ''));
  const further = [
    Buffer.from(Buffer.from(secret).toString('base64')).toString('base64'),
    Buffer.from(secret, 'utf16le').toString('base64'),
  ];
  const twice = [json, go].map((text) => JSON.stringify(text).slice(1, -1));
  // Of several lines each by itself, however it is indented.
  const lines = secret.includes('\n') ? secret.split('\n').flatMap((line) => (line.trim() === '' ? [] : formsOf(line.trim()))) : [];
  return [
    ...new Set([
      ...lines,
      secret,
      json,
      go,
      html,
      html.replaceAll('"', '&#34;'),
      html.replaceAll('"', '&quot;'),
      query,
      encodeURIComponent(secret),
      ...packed,
      ...twice,
      ...further.map((text) => text.replace(/=+$/, '')),
      Buffer.from(secret).toString('hex'),
      secret.toUpperCase(),
      secret.split('').toReversed().join(''),
      secret.toUpperCase().split('').toReversed().join(''),
    ]),
  ];
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

test('no secret stands in any form in a bundle, page, comment, SARIF, JSON, event, log or message; what holds none is shown', async () => {
  await run('deploy', 'lab', '--auto-approve', '--out', at('first'));
  lab.commit(after());
  await run('plan', 'lab', '--out', at('bundle'), '--events', at('plan.jsonl'), '--json');
  await run('bundle', 'show', at('bundle'), '--json');
  await run(
    'review',
    at('bundle'),
    '--html',
    at('review.html'),
    '--markdown',
    at('review.md'),
    '--sarif',
    at('review.sarif'),
    '--json',
    at('review.json'),
  );
  await run('approve', at('bundle'));
  await run('apply', at('bundle'), '--events', at('apply.jsonl'), '--json');
  await run('drift', 'lab', '--json');
  const files = ['first', 'bundle', 'logs'].flatMap((name) => filesBelow(at(name))).filter((file) => !file.endsWith('.age'));
  const single = ['plan.jsonl', 'apply.jsonl', 'review.html', 'review.md', 'review.sarif', 'review.json'].map(at);
  const texts = [...printed.entries(), ...[...files, ...single].map((file) => [file, readFileSync(file, 'utf8')] as const)];
  expect(texts.length).toBeGreaterThan(15);
  const found = texts.flatMap(([place, text]) =>
    Object.entries(secrets).flatMap(([name, secret]) =>
      formsOf(secret).flatMap((form) => (text.includes(form) ? [`${place}: ${name} as ${form}`] : [])),
    ),
  );
  expect(found).toEqual([]);
  const plans = ['c4/a', 'c4/f'].map((id) => readFileSync(path.join(at('bundle'), 'units', lab.path(id), 'plan.masked.json'), 'utf8'));
  for (const shown of ['R4ndom words', 'arn:aws:s3:::a-bucket/Password', '49152', 'as key', '"ab"', 'postgres://app:', 'conf {', 'Basic '])
    expect([shown, plans.join().includes(shown)]).toEqual([shown, true]);
}, 600_000);
