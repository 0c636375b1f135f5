import type { ResourceChange } from '../plan/plan-model';
import type { ShownObject } from '../values/shown-value';

import { isWritten, valueAt } from './value-at';
import type { ChangeRule } from './rule';

/** Whom a permission or an address of a Lambda function lets in, where that is everybody. */
function openTo({ type }: ResourceChange, object: ShownObject | null): string | undefined {
  if (type === 'aws_lambda_function_url' && valueAt(object, 'authorization_type') === 'NONE')
    return 'everybody may call the function’s address';
  const isNarrowed = ['source_account', 'principal_org_id', 'source_arn'].some((name) => valueAt(object, name) !== undefined);
  return type === 'aws_lambda_permission' && valueAt(object, 'principal') === '*' && !isNarrowed
    ? 'everybody may call the function'
    : undefined;
}

/** The same rule, which also speaks of functions: what opens them is no policy document. */
export function withOpenFunctions(rule: ChangeRule): ChangeRule {
  return {
    ...rule,
    *check(change, unit) {
      yield* rule.check(change, unit);
      const now = openTo(change, change.after);
      if (isWritten(change) && now !== undefined && openTo(change, change.before) === undefined)
        yield { reason: now, attribute: change.type === 'aws_lambda_permission' ? 'principal' : 'authorization_type' };
    },
  };
}
