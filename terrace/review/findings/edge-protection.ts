import type { ResourceChange } from '../plan/plan-model';
import { isMap, type ShownValue, type ShownObject } from '../values/shown-value';

import { isWritten, valueAt, valuesAt, some, word } from './value-at';
import type { ChangeRule, Observation } from './rule';

/** Zone settings that protect, and are off when they say so. */
const protecting = new Set([
  'always_use_https',
  'automatic_https_rewrites',
  'tls_client_auth',
  'waf',
  'security_header',
  'browser_check',
  'opportunistic_encryption',
]);

/** A rule of a Cloudflare ruleset that is switched on. */
interface EdgeRule {
  readonly name: string;
  readonly action: string;
  readonly expression: string;
  /** What its overrides take from a managed ruleset. */
  readonly softened: readonly string[];
}

function softenings(rule: ShownObject): readonly string[] {
  return ['action_parameters.overrides', 'action_parameters.overrides.rules', 'action_parameters.overrides.categories']
    .flatMap((path) => valuesAt(rule, path).filter(isMap))
    .flatMap((override) => [
      ...(valueAt(override, 'enabled') === false ? ['off'] : []),
      ...(['log', 'skip'].includes(word(valueAt(override, 'action'))) ? [`only ${word(valueAt(override, 'action'))}`] : []),
      ...(['low', 'eoff'].includes(word(valueAt(override, 'sensitivity_level')))
        ? [`sensitivity ${word(valueAt(override, 'sensitivity_level'))}`]
        : []),
    ]);
}

function edgeRules(object: ShownObject | null): readonly EdgeRule[] {
  return valuesAt(object, 'rules')
    .filter(isMap)
    .filter((rule) => valueAt(rule, 'enabled') !== false)
    .map((rule) => ({
      name: word(valueAt(rule, 'ref') ?? valueAt(rule, 'description') ?? valueAt(rule, 'expression')),
      action: word(valueAt(rule, 'action')),
      expression: word(valueAt(rule, 'expression')),
      softened: softenings(rule),
    }));
}

const isEnforced = ({ action }: EdgeRule): boolean => action !== 'skip' && action !== 'log';

function* ruleset({ before, after }: ResourceChange): Generator<Observation> {
  const [old, now] = [edgeRules(before), edgeRules(after)];
  const pairs = old.filter(isEnforced).map((rule) => {
    const same = now.filter((other) => other.name === rule.name && isEnforced(other));
    return [rule, same.find((other) => other.expression === rule.expression) ?? same[0]] as const;
  });
  const gone = pairs.filter(([, rule]) => rule === undefined).map(([{ name }]) => name);
  if (gone.length > 0) yield { reason: `no longer enforced: ${some(gone)}`, attribute: 'rules' };
  for (const [was, is] of pairs) {
    if (is === undefined) continue;
    if (is.expression !== was.expression)
      yield {
        reason: `${was.name} holds for other requests: ${was.expression} → ${is.expression}`,
        severity: is.expression === 'false' ? 'high' : 'medium',
        attribute: 'rules',
      };
    const softer = is.softened.filter((one) => !was.softened.includes(one));
    if (softer.length > 0) yield { reason: `${was.name} is overridden: ${some(softer)}`, attribute: 'rules' };
  }
  const count = (rules: readonly EdgeRule[], name: string): number =>
    rules.filter((rule) => rule.action === 'skip' && rule.name === name).length;
  const skipping = now.filter(({ action, name }) => action === 'skip' && count(now, name) > count(old, name)).map(({ name }) => name);
  if (skipping.length > 0) yield { reason: `skips other rules: ${some(skipping)}`, attribute: 'rules' };
}

/** Servers and other things that a Hetzner firewall stands before. */
const guarded = (object: ShownObject | null): readonly ShownValue[] => [
  ...valuesAt(object, 'server_ids'),
  ...valuesAt(object, 'label_selectors'),
];

export const edgeProtectionRule: ChangeRule = {
  scope: 'change',
  id: 'edge-protection-off',
  title: 'A protection at the edge is switched off',
  severity: 'high',
  explain: 'Requests that were stopped at the edge now reach the origin.',
  *check(change) {
    const { type, before, after } = change;
    if (
      type === 'cloudflare_zone_setting' &&
      isWritten(change) &&
      protecting.has(word(valueAt(after, 'setting_id'))) &&
      valueAt(after, 'value') === 'off' &&
      valueAt(before, 'value') !== 'off'
    )
      yield { reason: `${word(valueAt(after, 'setting_id'))} is switched off`, attribute: 'value' };
    const pulls = { cloudflare_authenticated_origin_pulls: 'config.enabled', cloudflare_authenticated_origin_pulls_settings: 'enabled' }[
      type
    ];
    if (pulls !== undefined && valuesAt(before, pulls).includes(true) && !valuesAt(after, pulls).includes(true))
      yield { reason: 'the origin no longer asks for Cloudflare’s certificate', attribute: pulls };
    if (type === 'hcloud_firewall_attachment' && before !== null) {
      const left = new Set(guarded(after).map(word));
      const bare = guarded(before).filter((one) => !left.has(word(one)));
      // What replaces an attachment may be known only after apply.
      if (bare.length > 0 && (after === null || guarded(after).length < guarded(before).length))
        yield { reason: `the firewall no longer protects ${bare.length} of ${guarded(before).length}`, attribute: 'server_ids' };
    }
    if (type === 'hcloud_firewall' && change.action === 'delete')
      yield { reason: `the firewall ${word(valueAt(before, 'name'))} is removed` };
    if (type !== 'cloudflare_ruleset') return;
    if (change.action === 'delete')
      yield { reason: `the ruleset ${word(valueAt(before, 'name'))} (${word(valueAt(before, 'phase'))}) is removed` };
    if (isWritten(change) && before !== null) yield* ruleset(change);
  },
};
