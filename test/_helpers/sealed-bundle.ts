import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';

import { approveBundle } from '../../terrace/delivery/approve/approve';
import type { SignedFile } from '../../terrace/delivery/approval/evaluate';
import { newSigningKey, privateKeyFrom, type SigningKey } from '../../terrace/delivery/approval/keys';
import type { ApprovalPolicy, EnvironmentPolicy } from '../../terrace/delivery/approval/approval-rules';
import { contentDigest } from '../../terrace/model/content-digest';
import { bundleFile, unitPaths, type Bundle, type BundleUnit } from '../../terrace/delivery/bundle/bundle';
import { contentOf, type BundleContent } from '../../terrace/delivery/bundle/content';
import { verifyContent } from '../../terrace/delivery/bundle/verify';
import { canonicalText, keyedDigest, sha256 } from '../../terrace/base/canonical';
import { countActions } from '../../terrace/terraform/action-counts';
import type { PlanJson } from '../../terrace/terraform/plan-json';
import type { Json } from '../../terrace/base/json';
import { maskPlan } from '../../terrace/delivery/masking/mask-plan';
import { newAgeKey, type AgeKey } from '../../terrace/delivery/bundle/age';
import { encryptPlan } from '../../terrace/delivery/bundle/encrypted-plan';

import { shopAccount, shopJson, shopModel, shopPath, type ShopUnit } from './shop-tree';

/** The time at which the bundles of these tests were made. */
export const madeAt = new Date('2026-11-21T10:00:00.000Z');

/** What a test says about one unit's plan; the rest is made up. */
export interface SealedUnit {
  readonly unit: ShopUnit;
  readonly lineage?: string | null;
  readonly serial?: number;
  readonly plan?: Partial<PlanJson>;
  /** Outputs of upstreams that it read, with the lineage of their state. */
  readonly consumed?: readonly { readonly id: string; readonly lineage: string; readonly values: { readonly [output: string]: Json } }[];
  readonly change?: (entry: BundleUnit) => BundleUnit;
  readonly mocks?: BundleUnit['mocks'];
  readonly operation?: BundleUnit['operation'];
  readonly lockFile?: string;
}

export interface SealedOptions {
  readonly units: readonly SealedUnit[];
  readonly change?: (bundle: Bundle) => unknown;
  readonly age?: AgeKey;
}

/** Keys of the people in these tests. */
export interface Cast {
  readonly age: AgeKey;
  readonly ana: SigningKey;
  readonly bob: SigningKey;
  readonly eve: SigningKey;
}

export async function newCast(): Promise<Cast> {
  return { age: await newAgeKey(), ana: newSigningKey(), bob: newSigningKey(), eve: newSigningKey() };
}

/** A policy in which Ana and Bob may approve `shop/dev`; Eve is not known. */
export function shopPolicy(cast: Cast, rules: Partial<EnvironmentPolicy> = {}): ApprovalPolicy {
  return {
    version: 1,
    keys: [
      { identity: 'ana@example.com', publicKey: cast.ana.publicPem },
      { identity: 'bob@example.com', publicKey: cast.bob.publicPem },
    ],
    environments: { 'shop/dev': { approvals: 1, approvers: ['ana@example.com', 'bob@example.com'], ...rules } },
  };
}

/** A plan that creates one resource and an output. */
export function plainPlan(changes: Partial<PlanJson> = {}): PlanJson {
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    applyable: true,
    resource_changes: [
      {
        address: 'terraform_data.a',
        mode: 'managed',
        type: 'terraform_data',
        name: 'a',
        provider_name: 'terraform.io/builtin/terraform',
        change: {
          actions: ['create'],
          before: null,
          after: { input: 'a' },
          after_unknown: { id: true },
          before_sensitive: false,
          after_sensitive: {},
        },
      },
    ],
    output_changes: { id: { actions: ['create'], before: null, after_unknown: true, before_sensitive: false, after_sensitive: false } },
    ...changes,
  };
}

/** A saved plan as far as Terrace reads it: a ZIP with the state it is bound to. */
export function savedPlan(lineage: string | null, serial: number, content = 'plan'): Buffer {
  return zip({ tfplan: content, tfstate: JSON.stringify({ version: 4, lineage: lineage ?? '', serial }) });
}

/** What terraform would show of each saved plan, by its digest. */
export const shown = new Map<string, string>();

/** A bundle in memory, sealed as `terrace plan` does it. */
export async function sealedBundle(options: SealedOptions, cast: Cast): Promise<BundleContent> {
  const files = new Map<string, Uint8Array>();
  const model = shopModel(options.units.map((one) => one.unit));
  const units: BundleUnit[] = [];
  for (const one of options.units) {
    const path = shopPath(one.unit.id);
    const unit = model.units.find((candidate) => candidate.path === path);
    if (unit === undefined) throw new Error(path);
    const key = randomBytes(32);
    const source = new Map<string, Uint8Array>([
      ['main.tf.json', Buffer.from(JSON.stringify(shopJson(one.unit)))],
      ...(one.lockFile === undefined ? [] : [['.terraform.lock.hcl', Buffer.from(one.lockFile)] as const]),
    ]);
    const state = { lineage: one.lineage ?? null, serial: one.serial ?? 0 };
    const plan = plainPlan(one.plan);
    const show = JSON.stringify(plan);
    const bytes = savedPlan(state.lineage, state.serial, `plan of ${path}`);
    shown.set(sha256(bytes), show);
    const tainted = (one.mocks ?? []).length > 0;
    const masked = Buffer.from(canonicalText(maskPlan(plan, { key })));
    const encrypted = await encryptPlan({ unit: path, key, further: [], plan: tainted ? null : bytes, show, log: 'log' }, [
      cast.age.recipient,
    ]);
    const entry: BundleUnit = {
      unit,
      environment: { stateAccount: shopAccount, credentials: { kind: 'ambient' } },
      operation: one.operation ?? 'apply',
      after: unit.dependencies
        .map((dependency) => dependency.unit)
        .filter((upstream) => options.units.some((other) => shopPath(other.unit.id) === upstream)),
      files: [...source]
        .map(([name, content]) => ({ path: name, sha256: sha256(content), size: content.length }))
        .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      contentDigest: contentDigest(source),
      lockFile: one.lockFile === undefined ? null : sha256(one.lockFile),
      state,
      consumed: (one.consumed ?? []).map(({ id, lineage, values }) => ({
        unit: shopPath(id),
        lineage,
        outputs: Object.keys(values).toSorted(),
        digest: keyedDigest(key, values),
      })),
      plan: tainted ? null : { sha256: sha256(bytes), size: bytes.length },
      show: { sha256: sha256(show), size: Buffer.byteLength(show) },
      masked: { sha256: sha256(masked), size: masked.length },
      encrypted: { sha256: sha256(encrypted), size: encrypted.length },
      actions: countActions(plan),
      unchanged: false,
      mocks: one.mocks ?? [],
    };
    units.push(one.change?.(entry) ?? entry);
    const paths = unitPaths(path);
    for (const [name, content] of source) files.set(`${paths.files}/${name}`, content);
    files.set(paths.masked, masked);
    files.set(paths.encrypted, encrypted);
  }
  const bundle: Bundle = {
    format: 'terrace-bundle',
    version: 1,
    commit: model.commit,
    dirty: false,
    authors: ['author@example.com'],
    rules: { base: 'main', files: [] },
    terraform: { name: 'terraform', version: '1.11.4' },
    createdAt: madeAt.toISOString(),
    expiresAt: new Date(madeAt.getTime() + 24 * 3_600_000).toISOString(),
    round: 1,
    shard: null,
    selection: sha256('selection'),
    units: units.toSorted((a, b) => (a.unit.path < b.unit.path ? -1 : 1)),
    deferred: [],
    failed: [],
  };
  files.set(bundleFile, Buffer.from(canonicalText(options.change?.(bundle) ?? bundle)));
  return contentOf('/nonexistent/bundle', files);
}

/** An approval of a bundle by one of the cast. */
export async function approvalBy(key: SigningKey, content: BundleContent, at = new Date(madeAt.getTime() + 60_000)): Promise<SignedFile> {
  return approveBundle(await verifyContent(content), privateKeyFrom(key.privatePem, 'test'), at);
}

/** The same content with one file replaced, added or (undefined) removed. */
export function withFile(content: BundleContent, name: string, bytes: Uint8Array | undefined): BundleContent {
  const files = new Map(content.files);
  if (bytes === undefined) files.delete(name);
  else files.set(name, bytes);
  return contentOf(content.place, files);
}

function zip(entries: { readonly [name: string]: string }): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const [raw, packed] = [Buffer.from(text), deflateRawSync(Buffer.from(text))];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
