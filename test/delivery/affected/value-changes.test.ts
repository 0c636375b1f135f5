import { expect, test } from '@jest/globals';

import { lineNow, linesThatDiffer } from '../../../terrace/delivery/affected/source-lines';
import { valueChanges } from '../../../terrace/delivery/affected/value-changes';
import { changedLines } from '../../../terrace/git/changed-lines';
import { affectedText } from '../../../terrace/cli/actions/affected-text';

const files = (json: object) => new Map([['main.tf.json', Buffer.from(JSON.stringify(json))]]);

test('values differ by block and attribute, lists of one length by element, and comments count for nothing', () => {
  const before = {
    '//': { metadata: 1 },
    resource: { aws_x: { a: { days: 30, tags: { Name: 'a' }, ports: [80, 443], zones: ['a'], '//': 1 }, gone: { on: true } } },
    output: { id: { value: '${aws_x.a.id}' } },
  };
  const after = {
    '//': { metadata: 2 },
    resource: { aws_x: { a: { days: 35, tags: { Team: 'core', Name: 'a' }, ports: [80, 8443], zones: ['a', 'b'] } } },
    output: { id: { value: '${aws_x.a.id}' }, more: { value: 1 } },
  };
  expect(valueChanges(files(before), files(after))).toEqual([
    { block: 'aws_x.a', attribute: 'days', before: 30, after: 35 },
    { block: 'aws_x.a', attribute: 'tags.Team', after: 'core' },
    { block: 'aws_x.a', attribute: 'ports.1', before: 443, after: 8443 },
    { block: 'aws_x.a', attribute: 'zones', before: ['a'], after: ['a', 'b'] },
    { block: 'aws_x.gone', attribute: '', before: { on: true } },
    { block: 'output.more', attribute: '', after: { value: 1 } },
  ]);
  expect(valueChanges(files(before), new Map([['main.tf.json', Buffer.from('no json')]])).every((one) => !('after' in one))).toBe(true);
});

const diff = `diff --git a/stacks/shop/dev/env.ts b/stacks/shop/dev/env.ts
index 1..2 100644
--- a/stacks/shop/dev/env.ts
+++ b/stacks/shop/dev/env.ts
@@ -12,2 +12,2 @@ export const env = {
-  backupDays: 30,
-  size: 30,
+  backupDays: 35,
+  size: 35,
@@ -20,0 +21,1 @@
+  extra: true,
diff --git a/stacks/shop/production/env.ts b/stacks/shop/production/env.ts
--- a/stacks/shop/production/env.ts
+++ b/stacks/shop/production/env.ts
@@ -3,1 +3,1 @@
-  backupDays: 30,
+  backupDays: 35,
diff --git a/envcommon/storage.ts b/envcommon/storage.ts
--- a/envcommon/storage.ts
+++ b/envcommon/storage.ts
@@ -28,1 +28,1 @@
-    engineVersion: '15.4',
+    engineVersion: '16.1',
@@ -40,1 +39,0 @@
-    old: 1,
diff --git a/stacks/shop/system.ts b/stacks/shop/system.ts
--- a/stacks/shop/system.ts
+++ b/stacks/shop/system.ts
@@ -9,0 +10,1 @@
+  'network/vpc': VpcUnit,
`;

test('a difference is read line by line, with what stood there', () => {
  const lines = changedLines(diff);
  expect(lines.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'stacks/shop/dev/env.ts:12',
    'stacks/shop/dev/env.ts:13',
    'stacks/shop/dev/env.ts:21',
    'stacks/shop/production/env.ts:3',
    'envcommon/storage.ts:28',
    'envcommon/storage.ts:40',
    'stacks/shop/system.ts:10',
  ]);
  expect(lines[1]).toMatchObject({ before: '  size: 30,', after: '  size: 35,' });
  expect(linesThatDiffer(lines, 'base')).toEqual([
    'stacks/shop/dev/env.ts:12',
    'stacks/shop/dev/env.ts:13',
    'stacks/shop/production/env.ts:3',
    'envcommon/storage.ts:28',
    'envcommon/storage.ts:40',
  ]);
  expect([lineNow(lines, 'envcommon/storage.ts:40'), lineNow(lines, 'envcommon/storage.ts:41')]).toEqual([
    'envcommon/storage.ts:40',
    'envcommon/storage.ts:41',
  ]);
});

test('the report shows old and new values beside each unit, with the line of the source', () => {
  const text = affectedText({
    version: 1,
    base: 'main',
    head: 'worktree',
    everything: null,
    changedFiles: [],
    units: [
      {
        unit: 'shop/dev/eu-central-1/storage/db',
        change: 'changed',
        operation: 'apply',
        reasons: ['main.tf.json differs: aws_db.a'],
        values: [{ block: 'aws_db.a', attribute: 'days', before: 30, after: 35, source: 'stacks/shop/dev/env.ts:12' }],
      },
    ],
  });
  expect(text.split('\n').slice(0, 3)).toEqual([
    'shop/dev/eu-central-1',
    '  storage/db  changed: main.tf.json differs: aws_db.a',
    '    aws_db.a days  30 → 35  stacks/shop/dev/env.ts:12',
  ]);
});
