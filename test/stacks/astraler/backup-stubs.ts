import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { postgresPrograms } from '../../_helpers/postgres';
import { temporaryFolder } from '../../_helpers/sandbox';

/** Stands in for age: puts the recipients before what it is given, and takes them away for one of them. */
const age = `#!/usr/bin/env node
const { readFileSync } = require('node:fs');
const args = process.argv.slice(2);
const after = (flag) => args.flatMap((arg, index) => (arg === flag ? [args[index + 1]] : []));
const input = readFileSync(0);
if (args.includes('--encrypt')) {
  process.stdout.write(after('--recipient').join(' ') + '\\n');
  process.stdout.write(Buffer.from(input.map((byte) => byte ^ 255)));
} else {
  const end = input.indexOf(10);
  const identity = readFileSync(after('--identity')[0], 'utf8').trim().replace('secret', 'public');
  if (!input.subarray(0, end).toString().split(' ').includes(identity)) { console.error('no identity matched'); process.exit(1); }
  process.stdout.write(Buffer.from(input.subarray(end + 1).map((byte) => byte ^ 255)));
}
`;
const ageKeygen = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require('node:fs');
const [flag, file] = process.argv.slice(2);
if (flag === '-o') writeFileSync(file, 'secret-once');
else console.log(readFileSync(file, 'utf8').replace('secret', 'public'));
`;
/** Stands in for the bucket: objects are files below STORE. */
const aws = `#!/usr/bin/env node
const { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const args = process.argv.slice(2).filter((arg) => arg !== '--no-progress');
const place = (url) => path.join(process.env.STORE, url.replace('s3://', ''));
const [, , , verb, from, to] = args;
if (verb === 'head-object') {
  const after = (flag) => args[args.indexOf(flag) + 1];
  console.log(statSync(path.join(process.env.STORE, after('--bucket'), after('--key'))).size);
} else if (verb === 'ls') {
  for (const name of readdirSync(place(from))) console.log('2026-01-07 02:17:00 ' + statSync(path.join(place(from), name)).size + ' ' + name);
} else if (from === '-') {
  mkdirSync(path.dirname(place(to)), { recursive: true });
  writeFileSync(place(to), readFileSync(0));
} else {
  const body = readFileSync(place(from));
  process.stdout.write(process.env.DAMAGE === '1' ? body.subarray(0, body.length - 40) : body);
}
`;

/** A folder of programs that stand in for others, for the beginning of PATH. */
export function programsFolder(programs: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder('terrace-stubs-');
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(path.join(folder, name), text);
    chmodSync(path.join(folder, name), 0o755);
  }
  return folder;
}

/** The variables of a shell in which encryption and the bucket are stand-ins; `programs` are more of them. */
export function backupEnvironment(
  more: Readonly<Record<string, string>>,
  programs: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const folder = programsFolder({ age, 'age-keygen': ageKeygen, aws, ...programs });
  return {
    PATH: [folder, postgresPrograms() ?? '', path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(path.delimiter),
    LC_ALL: 'C.UTF-8',
    STORE: temporaryFolder('terrace-store-'),
    ENVIRONMENT: 'staging',
    R2_ENDPOINT: 'https://account.r2.cloudflarestorage.com',
    AGE_RECIPIENT: 'public-restorer',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'key',
    BACKUP_TIME: '2026-01-07T021700Z',
    ...more,
  };
}
