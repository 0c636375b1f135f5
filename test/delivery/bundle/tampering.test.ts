import { beforeAll, expect, test } from '@jest/globals';

import { openBundle } from '../../../terrace/delivery/apply/open-bundle';
import { evaluate } from '../../../terrace/delivery/approval/evaluate';
import { bundleFile, unitPaths, type Bundle } from '../../../terrace/delivery/bundle/bundle';
import type { BundleContent } from '../../../terrace/delivery/bundle/content';
import { verifyContent } from '../../../terrace/delivery/bundle/verify';
import { canonicalText, sha256 } from '../../../terrace/base/canonical';
import { decryptPlan, encryptPlan } from '../../../terrace/delivery/bundle/encrypted-plan';
import { approvalBy, madeAt, newCast, sealedBundle, shopPolicy, withFile, type Cast } from '../../_helpers/sealed-bundle';
import { codesOf, errorOf } from '../../_helpers/shop';
import { network, service, shopPath } from '../../_helpers/shop-tree';

let cast: Cast;
let content: BundleContent;
beforeAll(async () => {
  cast = await newCast();
  content = await sealedBundle(
    { units: [{ unit: network() }, { unit: service(), consumed: [{ id: 'network/vpc', lineage: 'vpc', values: { subnet_id: 's' } }] }] },
    cast,
  );
});

/** True where a bundle, with the approvals of the untouched one, would get past the verifier. */
async function passes(changed: BundleContent, approvals: Awaited<ReturnType<typeof approvalBy>>[]): Promise<boolean> {
  try {
    const verified = await verifyContent(changed);
    if (
      evaluate({
        bundle: verified.bundle,
        hash: changed.hash,
        policy: shopPolicy(cast),
        envelopes: approvals,
        findings: [],
        now: new Date(madeAt.getTime() + 120_000),
      }).problems.length > 0
    )
      return false;
    await openBundle(verified, [cast.age.identity]);
    return true;
  } catch (error) {
    if (codesOf(error).every((code) => /^E60\d\d$/.test(code))) return false;
    throw error;
  }
}

function flipped(bytes: Uint8Array, position: number, bit = 1): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[position] = (copy[position] ?? 0) ^ bit;
  return copy;
}

test('the untouched bundle passes', async () => {
  expect(await passes(content, [await approvalBy(cast.ana, content)])).toBe(true);
});

test('G16: a plan that makes something is not what a bundle says is destroyed, and so not applied from files of nowhere', async () => {
  const bundle = JSON.parse(Buffer.from(content.files.get(bundleFile) ?? new Uint8Array()).toString('utf8')) as Bundle;
  const changed = {
    ...bundle,
    units: bundle.units.map((entry) => ({ ...entry, operation: 'destroy', actions: { ...entry.actions, create: 1 } })),
  };
  const forged = withFile(content, bundleFile, Buffer.from(canonicalText(changed)));
  const error = await errorOf(openBundle(await verifyContent(forged), [cast.age.identity]));
  expect([codesOf(error)[0], error.message]).toEqual(['E6078', expect.stringContaining('said to destroy')]);
});

test('G2: what a bundle says that it reads stands there once, so that nothing stands for something else', async () => {
  const bundle = JSON.parse(Buffer.from(content.files.get(bundleFile) ?? new Uint8Array()).toString('utf8')) as Bundle;
  const changed = { ...bundle, units: bundle.units.map((entry) => ({ ...entry, consumed: [...entry.consumed, ...entry.consumed] })) };
  const forged = withFile(content, bundleFile, Buffer.from(canonicalText(changed)));
  expect((await errorOf(verifyContent(forged))).message).toContain('what it reads is not in order, or occurs twice');
});

test('G1: a change of any byte of bundle.json is refused', async () => {
  const approvals = [await approvalBy(cast.ana, content)];
  const bytes = content.files.get(bundleFile) ?? new Uint8Array();
  const accepted: number[] = [];
  for (let position = 0; position < bytes.length; position++)
    if (await passes(withFile(content, bundleFile, flipped(bytes, position, position % 2 === 0 ? 1 : 32)), approvals))
      accepted.push(position);
  expect(accepted).toEqual([]);
}, 600_000);

test('G1: a change of any byte of an encrypted plan is refused', async () => {
  const approvals = [await approvalBy(cast.ana, content)];
  const name = unitPaths(shopPath('network/vpc')).encrypted;
  const bytes = content.files.get(name) ?? new Uint8Array();
  const accepted: number[] = [];
  for (let position = 0; position < bytes.length; position++)
    if (await passes(withFile(content, name, flipped(bytes, position)), approvals)) accepted.push(position);
  expect(accepted).toEqual([]);
}, 600_000);

test('G1: a change of any byte of the plan within, encrypted anew for the same recipient, is refused', async () => {
  const path = shopPath('network/vpc');
  const name = unitPaths(path).encrypted;
  const opened = await decryptPlan(content.files.get(name) ?? new Uint8Array(), [cast.age.identity], path);
  const plan = opened.plan ?? new Uint8Array();
  const verified = await verifyContent(content);
  const accepted: number[] = [];
  for (let position = 0; position < plan.length; position++) {
    const encrypted = await encryptPlan({ ...opened, plan: flipped(plan, position) }, [cast.age.recipient]);
    const forged = { ...verified, content: withFile(content, name, encrypted) };
    const passed = await openBundle(forged, [cast.age.identity]).then(
      () => true,
      () => false,
    );
    if (passed) accepted.push(position);
  }
  expect(accepted).toEqual([]);
}, 600_000);

test('G1: the JSON of a plan, encrypted anew in another form or with what no review shows, is refused', async () => {
  const path = shopPath('network/vpc');
  const name = unitPaths(path).encrypted;
  const opened = await decryptPlan(content.files.get(name) ?? new Uint8Array(), [cast.age.identity], path);
  const verified = await verifyContent(content);
  for (const show of [`${opened.show} `, JSON.stringify({ ...JSON.parse(opened.show), timestamp: '2000-01-01T00:00:00Z' })]) {
    const encrypted = await encryptPlan({ ...opened, show }, [cast.age.recipient]);
    const error = await errorOf(openBundle({ ...verified, content: withFile(content, name, encrypted) }, [cast.age.identity]));
    expect([codesOf(error), error.message]).toEqual([['E6078'], expect.stringContaining('this is not the plan JSON that was sealed')]);
  }
});

test.each([
  ['appended bytes', (text: string) => `${text}\n`],
  ['bytes before it', (text: string) => ` ${text}`],
  ['a byte order mark', (text: string) => `\uFEFF${text}`],
  ['truncation', (text: string) => text.slice(0, -1)],
  ['an empty file', () => ''],
  ['another order of keys', (text: string) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed()))],
  ['a second key of one name', (text: string) => text.replace('"round":1', '"round":1,"round":1')],
  ['another way to write a number', (text: string) => text.replace('"round":1', '"round":1.0')],
  ['another way to write a text', (text: string) => text.replace('"terrace-bundle"', '"terrace\\u002dbundle"')],
  ['an unknown key', (text: string) => canonicalText({ ...(JSON.parse(text) as object), zz: 1 })],
  ['another version', (text: string) => canonicalText({ ...(JSON.parse(text) as object), version: 2 })],
])('bundle.json with %s is refused', async (_name, change) => {
  const text = Buffer.from(content.files.get(bundleFile) ?? []).toString('utf8');
  const changed = withFile(content, bundleFile, Buffer.from(change(text)));
  const error: unknown = await verifyContent(changed).catch((thrown: unknown) => thrown);
  expect(['E6001', 'E6003', 'E6076', 'E6081']).toContain(codesOf(error)[0]);
  expect(error).toMatchObject({ exitCode: 3 });
});

test.each(['files/main.tf.json', 'plan.masked.json', 'plan.age'])(
  'a bundle without a unit’s %s is refused, and so is one in which it differs',
  async (name) => {
    const file = `units/${shopPath('network/vpc')}/${name}`;
    await expect(verifyContent(withFile(content, file, undefined))).rejects.toThrow(`${file} is missing`);
    await expect(verifyContent(withFile(content, file, Buffer.from('x')))).rejects.toThrow(`${file} is not the file that was sealed`);
  },
);

test('a unit whose files read another state than the sealed ones is refused', async () => {
  const path = shopPath('compute/api');
  const forged = await sealedBundle({ units: [{ unit: service() }] }, cast);
  await expect(verifyContent(forged)).rejects.toThrow(`${path}: it reads 1 other states, 0 are sealed`);
});

test('units that wait for each other are refused', async () => {
  const circle = await sealedBundle(
    {
      units: [
        { unit: network(), change: (entry) => ({ ...entry, after: [shopPath('storage/db')] }) },
        { unit: { ...network(), id: 'storage/db' }, change: (entry) => ({ ...entry, after: [shopPath('network/vpc')] }) },
      ],
    },
    cast,
  );
  await expect(verifyContent(circle)).rejects.toThrow('they wait for each other');
});

test('a path that leaves its folder is refused', async () => {
  const outside = await sealedBundle(
    { units: [{ unit: network(), change: (entry) => ({ ...entry, files: [{ path: '../../../evil', sha256: sha256('x'), size: 1 }] }) }] },
    cast,
  );
  await expect(verifyContent(outside)).rejects.toThrow('E6081');
});
