import { isSensitive } from '../values/shown-value';

import { isWritten, valueAt, some, word } from './value-at';
import { pathText } from '../diff/attribute-change';
import { withoutKeys } from '../plan/configured';
import type { ChangeRule } from './rule';

/** Types that hold a secret's value. */
const holders = new Set([
  'aws_secretsmanager_secret_version',
  'aws_ssm_parameter',
  'azurerm_key_vault_secret',
  'kubernetes_secret_v1',
  'kubernetes_secret',
  'supabase_edge_function_secrets',
  'cloudflare_workers_secret',
  'github_actions_secret',
  'github_actions_environment_secret',
  'google_secret_manager_secret_version',
]);

/** Types that make a secret of chance and keep it in the state. */
const generated = new Set(['random_password', 'random_bytes', 'tls_private_key', 'tls_self_signed_cert']);

/** Attributes of users' and servers' own passwords and keys. */
const passwordLike =
  /(?:^|[._])(?:password|passwd|secret|token|auth_token|private_key|master_password|admin_password|credentials)(?:[._]|$)/i;

/** Attributes that hold nothing but a secret. */
const secretName =
  /(?:^|[._])(?:password|master_password|admin_password|database_password|auth_token|private_key|secret_string|client_secret|secret_key|api_token)$/i;

export const secretRules: readonly ChangeRule[] = [
  {
    scope: 'change',
    id: 'secret-value-changed',
    title: 'A secret’s value changes',
    severity: 'high',
    explain:
      'Programs that read it at start keep the old value until they restart. Check the order: store, roll out, then revoke. The values themselves are not shown.',
    *check(change) {
      if (change.before === null || !isWritten(change)) return;
      const changed = change.attributes.filter(
        (attribute) =>
          (isSensitive(attribute.before) || isSensitive(attribute.after)) &&
          (holders.has(change.type) || passwordLike.test(pathText(attribute.path))),
      );
      if (changed.length > 0)
        yield { reason: `${some(changed.map(({ path }) => pathText(path)))} of ${change.address}`, attribute: String(changed[0]?.path[0]) };
    },
  },
  {
    scope: 'change',
    id: 'generated-secret-replaced',
    title: 'A generated secret is replaced',
    severity: 'high',
    explain:
      'A new value is generated at apply. Readers that take it change with it; readers that ignore changes keep the old value, and the two no longer match.',
    *check(change, unit) {
      if (!generated.has(change.type) || change.action !== 'replace') return;
      const address = withoutKeys(change.address);
      const changes = new Set(unit.changes.map((one) => withoutKeys(one.address)));
      const outputs = new Set(unit.outputs.map(({ name }) => `output.${name}`));
      const readers = [...unit.uses].filter(
        ([user, names]) =>
          user !== address && names.some((name) => name === address || name.startsWith(`${address}.`) || name.startsWith(`${address}[`)),
      );
      const takes = readers.map(([user]) => user).filter((user) => changes.has(user) || outputs.has(user));
      const ignores = readers.map(([user]) => user).filter((user) => !takes.includes(user) && !user.startsWith('data.'));
      yield {
        reason: `${change.address}: ${takes.length === 0 ? 'nothing takes the new value' : `read by ${some(takes)}`}${ignores.length === 0 ? '' : `; ignored by ${some(ignores)}, which keeps the old value`}`,
        ...(ignores.length === 0 ? {} : { severity: 'critical' as const }),
      };
    },
  },
  {
    scope: 'change',
    id: 'secret-rotation-changed',
    title: 'A secret’s rotation changes',
    severity: 'medium',
    explain:
      'A secret that is rotated less often, or not at all, stays valid longer once it has leaked. An immediate rotation replaces the value at apply.',
    *check(change) {
      if (change.type !== 'aws_secretsmanager_secret_rotation' || change.before === null || change.after === null) return;
      const days = (object: typeof change.after): string =>
        word(valueAt(object, 'rotation_rules.automatically_after_days') ?? valueAt(object, 'rotation_rules.schedule_expression'));
      if (days(change.before) !== days(change.after))
        yield { reason: `every ${days(change.before)} days → ${days(change.after)}`, attribute: 'rotation_rules' };
      if (valueAt(change.before, 'rotation_lambda_arn') !== valueAt(change.after, 'rotation_lambda_arn'))
        yield { reason: 'another function rotates it', attribute: 'rotation_lambda_arn' };
    },
  },
  {
    scope: 'change',
    id: 'secret-recovery-shortened',
    title: 'A deleted secret or key is gone sooner',
    severity: 'medium',
    explain: 'The window is the time to notice a mistaken deletion.',
    *check(change) {
      if (change.action !== 'update' && change.action !== 'replace') return;
      for (const name of ['recovery_window_in_days', 'soft_delete_retention_days']) {
        const [before, after] = [valueAt(change.before, name), valueAt(change.after, name)];
        if (typeof before === 'number' && typeof after === 'number' && after < before)
          yield { reason: `${name}: ${before} → ${after}`, attribute: name };
      }
    },
  },
  {
    scope: 'change',
    id: 'secret-in-clear',
    title: 'A secret is in the source, or unprotected',
    severity: 'critical',
    explain:
      'A secret in the configuration is in the repository and its history for ever; one that is not marked sensitive is readable in plans and logs. Make it a sensitive variable, or let the service generate it.',
    *check(change) {
      if (!isWritten(change)) return;
      const found = change.attributes.filter(
        ({ path, after }) => after !== undefined && after !== null && after !== '' && secretName.test(pathText(path)),
      );
      const literal = found.filter(({ path }) => change.literals.has(String(path[0])));
      const open = found.filter(
        ({ path, after }) =>
          !change.literals.has(String(path[0])) &&
          typeof after === 'string' &&
          after.length >= 8 &&
          !/^(?:arn:|https?:|projects\/)/.test(after),
      );
      // The value itself may be the secret: only where it stands is said.
      if (literal.length > 0)
        yield {
          reason: `${some(literal.map(({ path }) => pathText(path)))} of ${change.address} is written in the configuration`,
          attribute: String(literal[0]?.path[0]),
        };
      if (open.length > 0)
        yield {
          reason: `${some(open.map(({ path }) => pathText(path)))} of ${change.address} is not marked sensitive`,
          attribute: String(open[0]?.path[0]),
        };
    },
  },
];
