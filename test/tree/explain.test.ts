import { expect, test } from '@jest/globals';

import { explain, settingsBelow, type ValueLevel } from '../../terrace/tree/explain';
import { propertyLines } from '../../terrace/tree/property-lines';

const env = `import { account } from './account';

// nat: 'this is a comment'
export const env: Values = {
  environment: 'dev',
  account,
  traffic: {
    nat: 'single', // one is enough
    "flow-logs": { days: 30, note: 'a: { b: 1 }' },
  },
  zones: ['a', 'b'].map((letter) => \`x: \${letter}\`),
  size: condition ? 1 : 2,
};
`;

test('properties are found with their path and line, past comments, strings, templates and calls', () => {
  expect(propertyLines(env).map(({ path, line }) => `${path} ${line}`)).toEqual([
    'environment 5',
    'account 6',
    'traffic 7',
    'traffic.nat 8',
    'traffic.flow-logs 9',
    'traffic.flow-logs.days 9',
    'traffic.flow-logs.note 9',
    'zones 11',
    'size 12',
  ]);
});

test("a literal that is a function's argument counts as an outermost one", () => {
  expect(
    propertyLines("export const region = fullRegion({\n  region: 'eu',\n  recovery: { side: 'primary' },\n});\n").map(
      ({ path, line }) => `${path} ${line}`,
    ),
  ).toEqual(['region 2', 'recovery 3', 'recovery.side 3']);
});

const levels: readonly ValueLevel[] = [
  {
    level: 'root',
    values: { project: 'demo', logDays: 7 },
    files: [{ file: 'root.ts', source: "export const root = {\n  project: 'demo',\n  logDays: 7,\n};" }],
  },
  {
    level: 'environment',
    values: { logDays: 14, account: { id: '123456789012' }, computed: { nat: 3 } },
    files: [
      { file: 'env.ts', source: 'export const env = {\n  logDays: 14,\n  account,\n  computed: natOf(3),\n};' },
      { file: 'account.ts', source: "\nexport const account = {\n  id: accountId('X', '123456789012'),\n};", under: 'account' },
    ],
  },
  {
    level: 'region',
    values: { logDays: 30, zones: ['a'] },
    files: [{ file: 'region.ts', source: "import x from 'y';\nexport const region = full({ logDays: 30 });" }],
  },
];

test('the value of the nearest level holds, and names what it overrode with file and line', () => {
  expect(settingsBelow(explain(levels), 'logDays')).toEqual([
    {
      setting: 'logDays',
      value: 30,
      level: 'region',
      file: 'region.ts',
      line: 2,
      computed: false,
      overrides: [
        { value: 14, level: 'environment', file: 'env.ts', line: 2 },
        { value: 7, level: 'root', file: 'root.ts', line: 3 },
      ],
    },
  ]);
});

test('a value that the file computes is placed at the nearest property, or at the export', () => {
  const at = (setting: string) => settingsBelow(explain(levels), setting).map(({ file, line, computed }) => [file, line, computed]);
  expect(at('computed.nat')).toEqual([['env.ts', 4, true]]);
  expect(at('zones')).toEqual([['region.ts', 2, true]]);
  expect(at('account.id')).toEqual([['account.ts', 3, false]]);
});

test('a group of settings is everything below its path, not every name that begins alike', () => {
  const all = explain([{ level: 'root', values: { log: { days: 1 }, logDays: 2 }, files: [] }]);
  expect(settingsBelow(all, 'log').map(({ setting }) => setting)).toEqual(['log.days']);
  expect(settingsBelow(all, undefined)).toHaveLength(2);
});
