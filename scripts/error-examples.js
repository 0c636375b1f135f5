'use strict';
const own = require('./error-samples.json');

/**
 * What an error looks like when somebody meets it: its sample (error-samples.json), and what that leaves out from its first message, with something in the
 * place of each `<name>` that the sources fill in. `holesOf` names what no sample fills.
 */

const unit = 'olechka/dev/eu-central-1/network/vpc';
const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

const samples = {
  account: '123456789012',
  'state account id': '123456789012',
  address: 'aws_vpc.vpc',
  addresses: 'aws_vpc.vpc',
  allowed: 'text, number, boolean, list',
  approved: '2026-03-01T10:00:00Z',
  approvers: 'ana@example.com, bob@example.com',
  args: 'plan',
  arn: 'arn:aws:sts::210987654321:assumed-role/developer/ana',
  attribute: 'cidr_block',
  'aws region': 'eu-central-1',
  backend: 's3://terraform-state-123456789012-eu-central-1/dev/eu-central-1/network/vpc/terraform.tfstate',
  base: 'an unknown base',
  blocks: '14',
  branch: 'origin/main',
  bucket: 'terraform-state-123456789012-eu-central-1',
  bundle: '3b1f20c4d5e6',
  'bundle file': 'bundle.json',
  bytes: '33100',
  cause: 'Unexpected end of JSON input',
  changed: 'stacks/olechka/dev/env.ts',
  cidr: '10.1.0.0/16',
  code: '1',
  commit: '0f3a5c7e9b1d',
  accepted: '7c1e4d0a2b96',
  head: '0f3a5c7e9b1d',
  environment: 'dev',
  error: 'Cannot find module ./region',
  'exit code': '1',
  'expires at': '2026-03-02T10:00:00.000Z',
  file: 'stacks/olechka/dev/env.ts',
  files: 'policies/tags.ts',
  flag: '--system',
  folder: 'bundle',
  found: 'an apply began at 2026-03-01T10:00:00Z',
  from: 'olechka/dev/eu-central-1/network/alb',
  hash,
  id: '2f6c1d0e-8a47-4e0b-9a35-6c1f2d3e4b5a',
  key: 'dev/eu-central-1/network/vpc/terraform.tfstate',
  kind: 'text',
  layer: 'network',
  left: '3',
  lineage: '5d0c6f1e-2b3a-4c8d-9e7f-0a1b2c3d4e5f',
  lock: 'lock 2f6c1d0e of ana@laptop',
  log: '.terrace/logs/olechka/dev/eu-central-1/network/vpc.log',
  logs: '.terrace/logs',
  login: 'eve',
  message: 'no such file or directory',
  missing: 'subnet_ids',
  name: 'network/vpc',
  names: 'vpcCidr',
  needed: '2',
  network: 'network/vpc',
  npm: '@cdktf/provider-aws',
  one: unit,
  other: 'network/alb',
  others: 'network/alb',
  outputs: 'subnet_ids',
  owner: 'example',
  path: unit,
  pid: '4711',
  place: unit,
  plan: 'plan.json',
  'policy file': 'terrace.approvals.json',
  'environments file': 'terrace.environments.json',
  port: '4566',
  recipient: 'age1nonsense',
  region: 'eu-central-1',
  secret: 'a password',
  selected: '5',
  selector: 'olechka/dev',
  selectors: 'olechka/dev',
  serial: '12',
  service: 's3',
  setting: 'vpcCidr',
  settings: 'vpcCidr',
  shown: 'subnet_ids',
  size: '0',
  source: 'hashicorp/aws',
  status: 'applied',
  subnet: '10.1.0.0/24',
  system: 'olechka',
  tags: 'Environment=dev',
  text: 'x',
  type: 'aws_vpc',
  types: 'aws_vpc',
  typed: 'olechka/prod',
  unit,
  units: unit,
  unknown: 'aws_vpc.other',
  upstream: 'olechka/dev/eu-central-1/security/kms',
  value: '0',
  version: '1.11.4',
  before: '1.10.5',
  versions: '4',
  wanted: unit,
  wave: '7',
  what: 'the sandbox',
  zone: 'example.com',
};

/** Folders that are no bundle's. */
const folders = [
  { folder: 'stacks/olechka/dev', codes: 'E1101 E1103' },
  { folder: '.terrace/work/4711-vpc', codes: 'E4407' },
  { folder: 'node_modules/@cdktf/provider-aws', codes: 'E5303' },
];

/** The text of a problem as it is printed, from its sample and the first message that says why. */
function exampleOf(code, title, messages) {
  const message = messages.find(({ found, todo }) => found !== undefined && todo !== undefined) ?? messages[0] ?? {};
  const fill = (name) =>
    own[code]?.[name] ??
    filled(first(message[name]), { ...samples, folder: folders.find(({ codes }) => codes.includes(code))?.folder ?? samples.folder });
  const place = own[code] === undefined || 'place' in own[code] ? fill('place') : undefined;
  const expected = fill('expected');
  return [
    `${code} ${title}${place === undefined || /[<>]/.test(place) ? '' : `   ${place}`}`,
    ...[fill('found'), expected === undefined ? undefined : `expected: ${expected}`, fill('todo')]
      .filter((line) => line !== undefined)
      .flatMap((line) => `  ${line}`.split('\n')),
  ];
}

/** Names that stand unfilled in an example, but for those that the message itself leaves to its reader. */
function holesOf(example) {
  return example.flatMap((line) => [...line.matchAll(/<([a-z][a-z ]*)>/g)].map(([, name]) => name)).filter((name) => !left.has(name));
}

/** Whether an example would only repeat what causes say in general. */
function isGeneral(code, messages, causes) {
  const said = messages.find(({ found, todo }) => found !== undefined && todo !== undefined) ?? messages[0];
  return own[code] === undefined && [causes ?? []].flat().some(({ found }) => found !== undefined && found === said?.found);
}

/** What messages themselves write in such brackets. */
const left = new Set([
  'system',
  'environment',
  'region',
  'layer',
  'unit',
  'owner',
  'name',
  'os',
  'architecture',
  'account',
  'commit',
  'bundle',
  'selectors',
  'id',
  'plan',
]);

/** Of what is said in one case and in another, the first. */
function first(text) {
  return text?.split(' / ')[0];
}

function filled(text, values) {
  return text?.replace(/<([^<>]+)>/g, (whole, name) => values[name] ?? whole);
}

module.exports = { exampleOf, holesOf, isGeneral };
