import type { PlannedUnit, ResourceChange } from '../../plan/plan-model';
import { isUnknown, type ShownValue, type ShownObject } from '../../values/shown-value';
import { valuesAt } from '../value-at';

import { statementsOf, statementsOfData, type Statement } from './statement';

/** Whose policy it is: who acts, who may become, who may touch the resource, who may use the key. */
export type PolicyKind = 'identity' | 'trust' | 'resource' | 'key';

export interface ComparedPolicy {
  readonly kind: PolicyKind;
  readonly attribute: string;
  readonly before: readonly Statement[];
  /** Undefined where it is known only after apply. */
  readonly after: readonly Statement[] | undefined;
}

const places: Readonly<Record<string, readonly (readonly [PolicyKind, string])[]>> = {
  aws_iam_policy: [['identity', 'policy']],
  aws_iam_role_policy: [['identity', 'policy']],
  aws_iam_user_policy: [['identity', 'policy']],
  aws_iam_group_policy: [['identity', 'policy']],
  aws_iam_role: [
    ['trust', 'assume_role_policy'],
    ['identity', 'inline_policy.policy'],
  ],
  aws_ssoadmin_permission_set_inline_policy: [['identity', 'inline_policy']],
  aws_s3_bucket_policy: [['resource', 'policy']],
  aws_sqs_queue: [['resource', 'policy']],
  aws_sqs_queue_policy: [['resource', 'policy']],
  aws_sns_topic: [['resource', 'policy']],
  aws_sns_topic_policy: [['resource', 'policy']],
  aws_secretsmanager_secret: [['resource', 'policy']],
  aws_secretsmanager_secret_policy: [['resource', 'policy']],
  aws_ecr_repository_policy: [['resource', 'policy']],
  aws_dynamodb_resource_policy: [['resource', 'policy']],
  aws_vpc_endpoint: [['resource', 'policy']],
  aws_vpc_endpoint_policy: [['resource', 'policy']],
  aws_cloudwatch_log_resource_policy: [['resource', 'policy_document']],
  aws_opensearch_domain_policy: [['resource', 'access_policies']],
  aws_kms_key: [['key', 'policy']],
  aws_kms_replica_key: [['key', 'policy']],
  aws_kms_key_policy: [['key', 'policy']],
};

/** The data source that an unknown policy's text comes from. */
function dataOf(change: ResourceChange, attribute: string, unit: PlannedUnit): ShownObject | undefined {
  const references = change.references.get(attribute.split('.')[0] ?? '') ?? [];
  const name = references
    .map((reference) => /(?:^|\.)(data\.aws_iam_policy_document\.[\w-]+)/.exec(reference)?.[1])
    .find((found) => found !== undefined);
  const data = unit.changes.find((other) => other.mode === 'data' && name !== undefined && other.address.startsWith(name));
  return data?.after ?? undefined;
}

function merged(values: readonly ShownValue[]): readonly Statement[] | undefined {
  const all = values.map(statementsOf);
  return all.every((statements) => statements !== undefined) ? all.flat() : undefined;
}

/** The policies in a resource change, before and after, without those that stay as they are. */
export function policiesOf(change: ResourceChange, unit: PlannedUnit): readonly ComparedPolicy[] {
  return (places[change.type] ?? []).flatMap(([kind, attribute]): readonly ComparedPolicy[] => {
    const [before, after] = [change.before, change.after].map((object) => valuesAt(object, attribute));
    if (before === undefined || after === undefined || (before.length === 0 && after.length === 0)) return [];
    const data = after.some(isUnknown) ? dataOf(change, attribute, unit) : undefined;
    return [{ kind, attribute, before: merged(before) ?? [], after: data === undefined ? merged(after) : statementsOfData(data) }];
  });
}
