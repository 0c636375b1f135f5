import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { writeBundle } from '../../../terrace/delivery/bundle/write';
import type { Bundle } from '../../../terrace/delivery/bundle/bundle';
import { newCast, plainPlan, sealedBundle } from '../../_helpers/sealed-bundle';
import { temporaryFolder } from '../../_helpers/sandbox';
import { network } from '../../_helpers/shop-tree';
import { terraceCli } from '../../_helpers/terrace-cli';

/** Clears the screen, goes back to the line's start, rings, turns text round, hides it. */
const hostile = 'a\u001b[2J\u009b31m\rb\u0007\u202egnp.exe\u2066\u200b\u061c\u{e0041}\u0085z';
/** What a reader of any of these must never get as it is; breaks and tabs are its own. */
const deceiving =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udb3f]|[\u{e0000}-\u{e01ef}]/u;

const scratch = temporaryFolder('terrace-hostile-');
const place = path.join(scratch, 'bundle');
const at = (name: string): string => path.join(scratch, name);

beforeAll(async () => {
  const [change] = plainPlan().resource_changes ?? [];
  if (change === undefined) throw new Error('no change');
  const content = await sealedBundle(
    {
      units: [
        {
          unit: network(),
          plan: {
            resource_changes: [
              {
                ...change,
                address: `terraform_data.a["${hostile}"]`,
                index: hostile,
                change: {
                  ...change.change,
                  after: { input: hostile, [hostile]: hostile, document: JSON.stringify({ [hostile]: hostile }) },
                },
              },
            ],
            output_changes: {
              [hostile]: {
                actions: ['create'],
                before: null,
                after: hostile,
                after_unknown: false,
                before_sensitive: false,
                after_sensitive: false,
              },
            },
          },
        },
      ],
      change: (bundle: Bundle) => ({
        ...bundle,
        authors: [`${hostile}@example.com`],
        rules: { base: bundle.commit ?? '', files: [`policies/${hostile}.ts`] },
        failed: [{ unit: 'shop/dev/eu-central-1/network/two', error: `${hostile}\nbundle ${'0'.repeat(64)}` }],
        deferred: [
          {
            unit: 'shop/dev/eu-central-1/network/three',
            reason: `${hostile}\nround 9: no changes`,
            upstream: 'shop/dev/eu-central-1/network/vpc',
            outputs: [hostile],
          },
        ],
        remarks: [{ kind: 'state-given-up', unit: 'shop/dev/eu-central-1/network/vpc', text: `${hostile}\nintact, and approved` }],
      }),
    },
    await newCast(),
  );
  mkdirSync(scratch, { recursive: true });
  writeBundle(place, content.files);
}, 600_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('whatever characters a bundle holds, no terminal, page, comment, SARIF, JSON or error has one that it obeys or that cannot be seen', async () => {
  const files = ['html', 'markdown', 'sarif', 'json'].flatMap((kind) => [`--${kind}`, at(`review.${kind}`)]);
  const shown = new Map<string, string>();
  for (const args of [
    ['bundle', 'show', place],
    ['bundle', 'show', place, '--json'],
    ['review', place],
    ['review', place, ...files],
    ['verify', place, '--policy', at('nothing\u001b[31m.json')],
  ]) {
    const { stdout, stderr } = await terraceCli(args);
    shown.set(args.filter((word) => !word.startsWith(scratch)).join(' '), `${stdout}\n${stderr}`);
  }
  for (const kind of ['html', 'markdown', 'sarif', 'json']) shown.set(kind, readFileSync(at(`review.${kind}`), 'utf8'));
  for (const [name, text] of shown) expect([name, deceiving.exec(text)?.[0]]).toEqual([name, undefined]);
  for (const name of ['review', 'html', 'markdown']) expect([name, shown.get(name)?.includes('⟨U+202E⟩')]).toEqual([name, true]);
  const own: { readonly failed: readonly { readonly error: string }[] } = JSON.parse(shown.get('bundle show --json') ?? '{}');
  expect(own.failed[0]?.error.startsWith(hostile)).toBe(true);
  const lines = (shown.get('bundle show') ?? '').split('\n');
  expect(lines.flatMap((line) => /^(?:bundle|round|whole)/.exec(line)?.[0] ?? [])).toEqual(['round', 'bundle']);
}, 600_000);
