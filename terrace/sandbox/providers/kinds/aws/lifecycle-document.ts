import { isList, isObject, textOf, type ObjectValue, type Value } from '../../protocol/value';

/** What `aws_ecr_lifecycle_policy_document` answers: the policy as ECR takes it. An action that is not given is to expire, the only one there is. */
export function lifecycleDocument(config: ObjectValue): ObjectValue {
  const rules = blocks(config['rule']).map((rule) => {
    const [selection = {}] = blocks(rule['selection']);
    const [action = {}] = blocks(rule['action']);
    return {
      rulePriority: rule['priority'],
      ...said('description', rule['description']),
      selection: {
        tagStatus: selection['tag_status'],
        ...said('tagPatternList', selection['tag_pattern_list']),
        ...said('tagPrefixList', selection['tag_prefix_list']),
        countType: selection['count_type'],
        ...said('countUnit', selection['count_unit']),
        countNumber: selection['count_number'],
      },
      action: { type: textOf(action['type']) ?? 'expire' },
    };
  });
  return { json: JSON.stringify({ rules }) };
}

function said(name: string, value: Value | undefined): Readonly<Record<string, Value>> {
  return value === undefined || value === null || value === '' || (isList(value) && value.length === 0) ? {} : { [name]: value };
}

function blocks(value: Value | undefined): ObjectValue[] {
  return isList(value) ? value.filter(isObject) : isObject(value) ? [value] : [];
}
