import { isDestroyed, valueAt, word } from './value-at';
import type { ChangeRule } from './rule';
import { isStateStore } from './stateful';

/** The name of the bucket or table a resource belongs to. */
function storeOf(change: Parameters<ChangeRule['check']>[0]): string | undefined {
  return ['bucket', 'name', 'table_name']
    .map((name) => valueAt(change.before ?? change.after, name))
    .find((value): value is string => typeof value === 'string');
}

const settings = new Set([
  'aws_s3_bucket_versioning',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_policy',
  'aws_s3_bucket_logging',
  'aws_s3_bucket_lifecycle_configuration',
  'aws_s3_bucket_ownership_controls',
]);

export const stateStoreRules: readonly ChangeRule[] = [
  {
    scope: 'change',
    id: 'state-store-destroyed',
    title: 'Terraform’s state or lock is destroyed',
    severity: 'critical',
    explain:
      'Without the state, terraform does not know what it has created and would create all of it again; without the lock, two applies can run at once. There is a separate command to remove it.',
    *check(change) {
      if ((change.type === 'aws_s3_bucket' || change.type === 'aws_dynamodb_table') && isDestroyed(change) && isStateStore(storeOf(change)))
        yield { reason: `${storeOf(change) ?? ''} is ${change.action}d` };
    },
  },
  {
    scope: 'change',
    id: 'state-protection-weakened',
    title: 'Protection of state or lock is weakened',
    severity: 'critical',
    explain:
      'Versions, encryption, the access policy and deletion protection guard against a lost or leaked state. No normal change weakens them.',
    *check(change) {
      const store = storeOf(change);
      if (!isStateStore(store)) return;
      if (settings.has(change.type) && change.action === 'delete') yield { reason: `${change.type} of ${store ?? ''} is removed` };
      if (
        change.type === 'aws_s3_bucket_versioning' &&
        change.after !== null &&
        valueAt(change.before, 'versioning_configuration.status') === 'Enabled' &&
        valueAt(change.after, 'versioning_configuration.status') !== 'Enabled'
      ) {
        yield {
          reason: `versioning of ${store ?? ''} becomes ${word(valueAt(change.after, 'versioning_configuration.status'))}`,
          attribute: 'versioning_configuration',
        };
      }
      if (change.type === 'aws_dynamodb_table' && change.after !== null) {
        for (const path of ['deletion_protection_enabled', 'point_in_time_recovery.enabled']) {
          if (valueAt(change.before, path) === true && valueAt(change.after, path) !== true)
            yield { reason: `${path} of ${store ?? ''} is switched off`, attribute: path };
        }
      }
      if (change.type === 'aws_s3_bucket_public_access_block' && change.after !== null) {
        for (const name of ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets']) {
          if (valueAt(change.before, name) === true && valueAt(change.after, name) !== true)
            yield { reason: `${name} of ${store ?? ''} is switched off`, attribute: name };
        }
      }
    },
  },
];
