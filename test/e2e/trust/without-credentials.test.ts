import { appendFileSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { apart } from '../../../terrace/base/apart';
import { inOrder } from '../../_helpers/in-order';
import { dataBlocks, labProject, type LabProject } from '../../_helpers/lab-project';
import { temporaryFolder } from '../../_helpers/sandbox';

const test = inOrder();

/** What a hostile source adds to `main.ts`: it looks wherever credentials are, and writes down whether it found one. */
const looking = (seen: string, home: string): string => `
import { appendFileSync, readdirSync, readFileSync as readNow } from 'node:fs';
for (const file of ['/proc/self/environ', ...readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((name) => '/proc/' + name + '/environ'),
  ${JSON.stringify(path.join(home, '.aws', 'credentials'))}, ${JSON.stringify(path.join(home, '.config', 'gcloud', 'token'))}]) {
  let text = '';
  try { text = readNow(file, 'utf8'); } catch { /* Not to be read. */ }
  appendFileSync(${JSON.stringify(seen)}, (/canary-of-a-[a-z]+/.exec(text)?.[0] ?? 'nothing') + ' ' + file + '\\n');
}
`;

let it: LabProject;
let home: string;
let seen: string;
beforeAll(async () => {
  // A password in clear: a review looks for the line of what it finds.
  const json = dataBlocks({ held: 'one', open: { password: 'hunter2-hunter3' } });
  it = await labProject({ 'network/vpc': { json, outputs: { id: '${terraform_data.held.id}' } } });
  home = realpathSync(temporaryFolder('terrace-person-'));
  for (const name of ['.aws/credentials', '.config/gcloud/token']) {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    writeFileSync(path.join(home, name), 'canary-of-a-file');
  }
  seen = path.join(it.root, '.terrace', 'seen.txt');
  appendFileSync(path.join(it.root, 'main.ts'), looking(seen, home));
  it.git('add', '--all');
  it.git('commit', '--quiet', '--message', 'a source that looks around');
}, 600_000);
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await it.dispose();
});

/** What the source found while a command ran, and whether it ran at all. */
async function found(...args: readonly string[]): Promise<{ readonly ran: boolean; readonly canaries: readonly string[] }> {
  rmSync(seen, { force: true });
  const outcome = await it.terrace(args, {
    ...it.env,
    HOME: home,
    GITHUB_TOKEN: 'canary-of-a-token',
    GITHUB_API_URL: 'http://127.0.0.1:1',
    // No variable of a shell says that a process was set apart.
    TERRACE_APART: '1',
  });
  if (!existsSync(seen)) return { ran: false, canaries: [outcome.output] };
  const lines = readFileSync(seen, 'utf8').split('\n');
  return { ran: true, canaries: lines.filter((line) => line.startsWith('canary')) };
}

const unit = 'lab/dev/eu-central-1/network/vpc';

test.each([
  [['synth']],
  [['plan', 'lab/dev', '--out', '.terrace/bundle']],
  [['review', '.terrace/bundle']],
  [['affected', '--base', 'main~1']],
  [['status', 'lab/dev']],
  [['drift', 'lab/dev']],
  [['list']],
  [['lock', 'list', 'lab/dev']],
  [['graph', 'lab/dev']],
  [['state', 'verify', unit]],
  [['state', 'history', unit]],
  [['state', 'move', unit, `${unit}-2`]],
  [['state', 'forget-reader', 'lab/gone/eu-central-1/web/site']],
  [['explain', unit]],
  [['explain', unit, 'region']],
  [['diagram', 'lab/dev', '--format', 'json']],
  [['iam', 'lab/dev', '--role', 'plan']],
  [['ci', 'generate']],
  [['ci', 'doctor']],
  [['handover', 'lab/dev']],
])(
  'G10: the source sees nothing that somebody signs in with, in its environment, another process or a file: %j',
  async (args) => {
    const { how } = apart(it.root, { ...process.env, HOME: home });
    const { ran, canaries } = await found(...args);
    const kept = how === 'out of reach' ? canaries : canaries.filter((line) => line.endsWith('/proc/self/environ'));
    expect([ran, kept]).toEqual([true, []]);
  },
  600_000,
);
