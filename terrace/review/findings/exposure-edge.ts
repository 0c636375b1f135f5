import { isMap, texts, type ShownValue, type ShownObject } from '../values/shown-value';

import { isAnyNetwork } from './any-network';
import { edgeProtectionRule } from './edge-protection';
import { isWritten, valueAt, valuesAt, some, word } from './value-at';
import type { ChangeRule } from './rule';

/** Strength of a TLS setting; a smaller number than before is weaker. */
const tlsStrength: Readonly<Record<string, number>> = {
  off: 0,
  flexible: 1,
  full: 2,
  strict: 3,
  origin_pull: 4,
  '1.0': 0,
  '1.1': 1,
  '1.2': 2,
  '1.3': 3,
};

function isOpenPeer(peer: ShownValue): boolean {
  return (
    isMap(peer) &&
    (valuesAt(peer, 'ip_block.cidr').flatMap(texts).some(isAnyNetwork) ||
      (valueAt(peer, 'ip_block') === undefined &&
        valueAt(peer, 'pod_selector') === undefined &&
        valueAt(peer, 'namespace_selector') === undefined))
  );
}

/** Ingress rules of a network policy that let everybody in, as text. */
function openPolicyRules(object: ShownObject | null): readonly string[] {
  return valuesAt(object, 'spec.ingress')
    .filter(isMap)
    .filter((rule) => valuesAt(rule, 'from').length === 0 || valuesAt(rule, 'from').some(isOpenPeer))
    .map((rule) => valuesAt(rule, 'ports.port').map(word).join(', ') || 'all ports');
}

export const edgeExposureRules: readonly ChangeRule[] = [
  {
    scope: 'change',
    id: 'http-listener',
    title: 'A listener takes traffic without TLS',
    severity: 'high',
    explain: 'Traffic can be read and changed on the way. Let port 80 only redirect to 443.',
    *check(change) {
      if (!isWritten(change)) return;
      const plain = (object: ShownObject | null): boolean => {
        if (change.type === 'aws_lb_listener')
          return (
            ['HTTP', 'TCP'].includes(word(valueAt(object, 'protocol'))) &&
            valuesAt(object, 'default_action.type').some((type) => type !== 'redirect')
          );
        if (change.type === 'hcloud_load_balancer_service') return valueAt(object, 'protocol') === 'http';
        return (
          change.type === 'aws_cloudfront_distribution' &&
          [
            ...valuesAt(object, 'default_cache_behavior.viewer_protocol_policy'),
            ...valuesAt(object, 'ordered_cache_behavior.viewer_protocol_policy'),
          ].includes('allow-all')
        );
      };
      if (plain(change.after) && !plain(change.before))
        yield {
          reason: `${word(valueAt(change.after, 'protocol'))} on port ${word(valueAt(change.after, 'port') ?? valueAt(change.after, 'listen_port'))} is served, not redirected`,
          attribute: 'protocol',
        };
    },
  },
  {
    scope: 'change',
    id: 'tls-weakened',
    title: 'TLS is weakened',
    severity: 'high',
    explain: 'Connections with older versions or unverified origins can be intercepted. No current client needs TLS below 1.2.',
    *check(change) {
      if (!isWritten(change)) return;
      if (change.type === 'cloudflare_zone_setting' && ['ssl', 'min_tls_version'].includes(word(valueAt(change.after, 'setting_id')))) {
        const [before, after] = [tlsStrength[word(valueAt(change.before, 'value'))], tlsStrength[word(valueAt(change.after, 'value'))]];
        if (after !== undefined && (before === undefined ? after < 2 : after < before))
          yield {
            reason: `${word(valueAt(change.after, 'setting_id'))}: ${word(valueAt(change.before, 'value'))} → ${word(valueAt(change.after, 'value'))}`,
            attribute: 'value',
          };
      }
      if (
        change.type === 'aws_lb_listener' &&
        change.before !== null &&
        valueAt(change.before, 'ssl_policy') !== valueAt(change.after, 'ssl_policy') &&
        !/TLS13|TLS-1-2|FS-1-2/.test(word(valueAt(change.after, 'ssl_policy')))
      ) {
        yield {
          reason: `ssl_policy: ${word(valueAt(change.before, 'ssl_policy'))} → ${word(valueAt(change.after, 'ssl_policy'))}`,
          attribute: 'ssl_policy',
        };
      }
      for (const name of ['min_tls_version', 'minimum_tls_version', 'minimum_protocol_version']) {
        const value = (object: ShownObject | null): string => word(valueAt(object, name)).replace(/^TLS/i, '').replace('_', '.');
        if (['1.0', '1.1'].includes(value(change.after)) && value(change.before) !== value(change.after))
          yield { reason: `${name}: ${word(valueAt(change.before, name))} → ${word(valueAt(change.after, name))}`, attribute: name };
      }
    },
  },
  edgeProtectionRule,
  {
    scope: 'change',
    id: 'origin-exposed',
    title: 'A DNS record shows the origin’s address',
    severity: 'high',
    explain:
      'An unproxied record lets anybody bypass the WAF and the rate limits. That is right for mail and verification records, but not for web names.',
    *check(change) {
      if (
        change.type !== 'cloudflare_dns_record' ||
        !isWritten(change) ||
        !['A', 'AAAA', 'CNAME'].includes(word(valueAt(change.after, 'type')))
      )
        return;
      if (valueAt(change.after, 'proxied') === true || (change.before !== null && valueAt(change.before, 'proxied') !== true)) return;
      yield {
        reason: `${word(valueAt(change.after, 'name'))} is no${change.before === null ? 't' : ' longer'} proxied`,
        severity: change.before === null ? 'medium' : 'high',
        attribute: 'proxied',
      };
    },
  },
  {
    scope: 'change',
    id: 'network-policy-opened',
    title: 'A network policy is opened or removed',
    severity: 'high',
    explain: 'Pods that no policy names may then connect. A pod without any policy accepts everything.',
    *check(change) {
      if (change.type !== 'kubernetes_network_policy_v1' && change.type !== 'kubernetes_network_policy') return;
      if (change.action === 'delete') yield { reason: `the policy ${word(valueAt(change.before, 'metadata.name'))} is removed` };
      if (!isWritten(change)) return;
      const before = new Set(openPolicyRules(change.before));
      const added = openPolicyRules(change.after).filter((rule) => !before.has(rule));
      if (added.length > 0) yield { reason: `everybody may connect to ${some(added)}`, attribute: 'spec' };
    },
  },
  {
    scope: 'change',
    id: 'waf-removed',
    title: 'The web firewall is removed or only counts',
    severity: 'critical',
    explain: 'Attacks that were blocked reach the application. Check that another firewall is in front of it.',
    *check(change) {
      if ((change.type === 'aws_wafv2_web_acl_association' || change.type === 'aws_wafv2_web_acl') && change.action === 'delete')
        yield { reason: `${change.type} is removed` };
      if (change.type !== 'aws_wafv2_web_acl' || change.before === null || change.after === null) return;
      const counts = (object: ShownObject): ReadonlySet<string> =>
        new Set(
          valuesAt(object, 'rule')
            .filter(
              (rule) =>
                valueAt(rule, 'override_action.count') !== undefined ||
                valueAt(rule, 'action.count') !== undefined ||
                valuesAt(rule, 'override_action.count').length > 0,
            )
            .map((rule) => word(valueAt(rule, 'name'))),
        );
      const names = (object: ShownObject): readonly string[] => valuesAt(object, 'rule').map((rule) => word(valueAt(rule, 'name')));
      const gone = names(change.before).filter((name) => !names(change.after ?? {}).includes(name));
      const counting = [...counts(change.after)].filter((name) => !counts(change.before ?? {}).has(name));
      if (gone.length > 0) yield { reason: `rules removed: ${some(gone)}`, attribute: 'rule' };
      if (counting.length > 0) yield { reason: `rules that only count now: ${some(counting)}`, attribute: 'rule' };
      if (valueAt(change.before, 'default_action.block') !== undefined && valueAt(change.after, 'default_action.allow') !== undefined)
        yield { reason: 'the default becomes allow', attribute: 'default_action' };
    },
  },
];
