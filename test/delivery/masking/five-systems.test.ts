import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { isObject, type Json } from '../../../terrace/base/json';
import { maskedDigest } from '../../../terrace/delivery/masking/marker';
import { unitScopes } from '../../../terrace/delivery/judgement/unit-scopes';
import { maskPlan } from '../../../terrace/delivery/masking/mask-plan';
import type { Mask, PlanJson } from '../../../terrace/terraform/plan-json';
import { literalsOf } from '../../../terrace/terraform/scope';
import { readWorkflows } from '../../ci/workflow-files';
import { projectRoot } from '../../_helpers/project-root';

/** What production of a system holds, as `shapes/` has it: real resources with their marks, and values of the right form for what is secret. */
interface Shape {
  readonly units: readonly {
    readonly unit: string;
    readonly variables: Readonly<Record<string, string>>;
    readonly outputs: Readonly<Record<string, { readonly value: Json; readonly sensitive?: boolean }>>;
  }[];
  readonly resources: readonly {
    readonly unit: string;
    readonly address: string;
    readonly type: string;
    readonly attributes: Readonly<Record<string, Json>>;
    readonly state: {
      readonly name: string;
      readonly sensitive_attributes: readonly (readonly { readonly value: unknown }[])[];
    };
  }[];
}

/** Variables that are secrets of their deployment environments. */
const secretVariables = new Set(
  (readWorkflows().get('_round.yml')?.jobs['apply']?.steps ?? []).flatMap(({ env = {} }) =>
    Object.entries(env).flatMap(([name, value]) => (name.startsWith('TF_VAR_') && value.includes('secrets.') ? [name.slice(7)] : [])),
  ),
);

/** Paths of a state's sensitive attributes as terraform shows them in a plan. */
function maskOf(paths: Shape['resources'][number]['state']['sensitive_attributes']): Mask {
  const tree: Tree = new Map();
  for (const steps of paths) {
    let at = tree;
    for (const { value } of steps) {
      const key = String(isObject(value) ? value['value'] : value);
      const next: Tree = at.get(key) ?? new Map();
      at.set(key, next);
      at = next;
    }
  }
  return asMask(tree);
}

type Tree = Map<string, Tree>;
function asMask(tree: Tree): Mask {
  if (tree.size === 0) return true;
  const keys = [...tree.keys()];
  if (!keys.every((key) => /^\d+$/.test(key))) return Object.fromEntries([...tree].map(([key, inner]) => [key, asMask(inner)]));
  return Array.from({ length: Math.max(...keys.map(Number)) + 1 }, (_, index) => {
    const inner = tree.get(String(index));
    return inner === undefined ? false : asMask(inner);
  });
}

/** The plan of one unit in which everything is as it was. */
function planOf(shape: Shape, { unit, variables, outputs }: Shape['units'][number]): PlanJson {
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }])),
    configuration: {
      root_module: {
        variables: Object.fromEntries(Object.keys(variables).map((name) => [name, secretVariables.has(name) ? { sensitive: true } : {}])),
      },
    },
    resource_changes: shape.resources
      .filter((resource) => resource.unit === unit)
      .map(({ address, type, attributes, state }) => {
        const mask = state.sensitive_attributes.length === 0 ? {} : maskOf(state.sensitive_attributes);
        const change = { before: { ...attributes }, before_sensitive: mask, after: { ...attributes }, after_sensitive: mask };
        return { address, mode: 'managed', type, name: state.name, change: { actions: ['update'], ...change } };
      }),
    output_changes: Object.fromEntries(
      Object.entries(outputs).map(([name, { value, sensitive = false }]) => [
        name,
        { actions: ['update'], before: value, after: value, before_sensitive: sensitive, after_sensitive: sensitive },
      ]),
    ),
  };
}

/** Keys from the plan down; one may hold anything. */
type Place = readonly string[];

/** Plain words that a unit's files hold for everybody to read; what providers compute stands in no file, so nothing counts for standing twice. */
async function openIn(shape: Shape, unit: string): Promise<ReadonlySet<string>> {
  const texts = new Set(shape.resources.flatMap((one) => (one.unit === unit ? leavesOf(one.attributes).map(([, text]) => text) : [])));
  const main = { locals: { texts: [...texts].filter((text) => !text.includes('${') && !text.includes('%{')) } };
  return literalsOf(await unitScopes(new Map([['main.tf.json', Buffer.from(JSON.stringify(main))]])));
}

/** Texts and numbers in a value, each with its place. */
function leavesOf(value: unknown, place: Place = []): readonly (readonly [Place, string])[] {
  if (typeof value === 'string' || typeof value === 'number') return [[place, String(value)]];
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...place, String(index)]));
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...place, key])) : [];
}

/** Every reading of a text: as it is, as address, as JSON, and what base64 in it holds. */
function readings(text: string): readonly string[] {
  const plain = text.replaceAll('\\u0026', '&').replaceAll('\\"', '"').replaceAll('\\\\', '\\');
  let address = text;
  try {
    address = decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // No address.
  }
  const packed = (text.match(/[A-Za-z0-9+/_-]{12,}={0,2}/g) ?? []).map((run) => Buffer.from(run, 'base64').toString('utf8'));
  return [text, plain, address, ...packed];
}

/** Whether somebody could read one of the secrets in a text. Written anew: what masks is not asked. */
function holds(text: string, secrets: readonly string[]): boolean {
  const found = readings(text);
  return secrets.some(
    (secret) =>
      (secret.length < 6 ? text === secret : found.some((one) => one.toLowerCase().includes(secret.toLowerCase()))) ||
      (text.length >= 8 && text.length * 2 >= secret.length && !/[\s/:@,;{}"]/.test(secret) && secret.includes(text)),
  );
}

/** A word that somebody wrote: whatever a provider marks, it is no secret where it stands elsewhere. */
const word = /^[a-z]+(?:[-_][a-z]+)*$/;
const everywhere = /^(?:true|false|null|none|default)$/i;

test.each(['astra', 'astraler', 'olechka', 'pro-mata', 'tux'])(
  'of production of %s exactly what holds a secret is masked: no id, ARN, address or name beside it',
  async (system) => {
    const shape: Shape = JSON.parse(readFileSync(path.join(projectRoot, 'shapes', `${system}.shape.json`), 'utf8'));
    const counted = { masked: 0, holding: 0, shown: 0 };
    const wrong: string[] = [];
    for (const unit of shape.units) {
      const plan = planOf(shape, unit);
      const masked = maskPlan(plan, { key: Buffer.alloc(32, 1), open: await openIn(shape, unit.unit) });
      const found = markedLeaves(plan);
      const marked = new Set(found.map(([place]) => JSON.stringify(place)));
      const secrets = [
        ...new Set(found.filter(([place, text]) => place[0] !== 'resource_changes' || !word.test(text)).map(([, text]) => text)),
      ].filter((text) => text.length >= 4 && !everywhere.test(text));
      for (const [place, text] of leavesOf(shownParts(plan))) {
        const isHidden = textAt(masked, place) !== text;
        const isHolding = marked.has(JSON.stringify(place)) || holds(text, secrets);
        counted[isHidden ? 'masked' : 'shown'] += 1;
        if (isHolding) counted.holding += 1;
        if (isHidden !== isHolding)
          wrong.push(
            `${unit.unit} ${place.join('.')} ${isHidden ? 'is hidden and holds none' : 'holds one and is shown'}: ${text.slice(0, 60)}`,
          );
      }
    }
    expect(wrong).toEqual([]);
    expect(counted.masked).toBe(counted.holding);
    expect([counted.masked > 0, counted.shown > 1_000]).toEqual([true, true]);
  },
);

/** What of a plan a review shows, at the places at which it stands. */
function shownParts(plan: PlanJson): object {
  return {
    resource_changes: plan.resource_changes?.map(({ change: { before, after } }) => ({ change: { before, after } })),
    variables: plan.variables,
    output_changes: Object.fromEntries(
      Object.entries(plan.output_changes ?? {}).map(([name, { before, after }]) => [name, { before, after }]),
    ),
  };
}

/** Those below a mask. */
function leavesUnder(value: unknown, mask: Mask | undefined, place: Place): readonly (readonly [Place, string])[] {
  if (mask === undefined || mask === false) return [];
  if (mask === true) return leavesOf(value, place);
  const below = Array.isArray(mask) ? mask.map((inner, index) => [String(index), inner] as const) : Object.entries(mask);
  return below.flatMap(([key, inner]) => {
    const next: unknown = Array.isArray(value) ? value[Number(key)] : isObject(value) ? value[key] : undefined;
    return leavesUnder(next, inner, [...place, key]);
  });
}

/** What terraform marks, and the values of secret variables. */
function markedLeaves(plan: PlanJson): readonly (readonly [Place, string])[] {
  const sides = ['before', 'after'] as const;
  return [
    ...(plan.resource_changes ?? []).flatMap(({ change }, index) =>
      sides.flatMap((side) => {
        const value = change[side];
        return leavesUnder(value, change.after_sensitive, ['resource_changes', String(index), 'change', side]);
      }),
    ),
    ...Object.entries(plan.variables ?? {}).flatMap(([name, { value }]) =>
      secretVariables.has(name) ? leavesOf(value, ['variables', name, 'value']) : [],
    ),
    ...Object.entries(plan.output_changes ?? {}).flatMap(([name, change]) =>
      change.after_sensitive === true ? sides.flatMap((side) => leavesOf(change[side], ['output_changes', name, side])) : [],
    ),
  ];
}

/** What stands at a place of a masked plan; a marker stands for everything below it. */
function textAt(value: unknown, place: Place): string | undefined {
  let at: unknown = value;
  for (const key of place) {
    if (maskedDigest(at) !== undefined) return undefined;
    at = Array.isArray(at) ? at[Number(key)] : isObject(at) ? at[key] : undefined;
  }
  return typeof at === 'string' || typeof at === 'number' ? String(at) : undefined;
}
