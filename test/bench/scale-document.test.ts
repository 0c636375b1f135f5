import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { bigRound } from '../../bench/scale';
import { simulate, type Round } from '../../bench/simulate';
import { projectRoot } from '../_helpers/project-root';

const applied = { unitSeconds: 12, calls: 30, stateRequests: 20, lockWrites: 5 };
const rounds: Readonly<Record<string, Partial<Round>>> = {
  'planned, 20 requests a second for each account': {},
  'planned, 100 requests a second': { callsPerSecond: 100 },
  'applied, 20 requests a second': applied,
  'planned in one account, 20 requests a second': { accounts: 1 },
  'planned by 100 runners': { runners: 100 },
};

test('the rounds of docs/scale.md are what the simulation gives', () => {
  const text = readFileSync(path.join(projectRoot, 'docs', 'scale.md'), 'utf8');
  const section = text.slice(text.indexOf('## A round over'), text.indexOf('## Where it breaks'));
  const rows = [...section.matchAll(/^\| ((?:planned|applied)[^|]*?) *\| (\d+) *\| (\d+) *\| (\d+) *\| (\d+) *\|$/gm)].map(
    ([, name, ...figures]) => [name, ...figures.map(Number)],
  );
  expect(rows).toEqual(
    Object.entries(rounds).map(([name, change]) => {
      const { seconds, repeated, runners, peakStateRequests } = simulate({ ...bigRound, ...change });
      return [name, Math.round(seconds), repeated, runners, peakStateRequests];
    }),
  );
});
