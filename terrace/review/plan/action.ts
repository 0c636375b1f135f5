import type { Action } from './plan-model';

/** Terraform's list of actions as one word. */
export function actionOf(actions: readonly string[]): Action {
  const has = (name: string): boolean => actions.includes(name);
  if (has('delete') && has('create')) return 'replace';
  if (has('forget')) return has('create') ? 'replace' : 'forget';
  for (const action of ['create', 'update', 'delete', 'read'] as const) if (has(action)) return action;
  return 'none';
}

/** Terraform's `action_reason` as a sentence's end: "is replaced because …". */
const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'its last creation failed part-way (tainted)',
  replace_because_cannot_update: 'the provider cannot change this in place',
  replace_by_request: 'it was asked for (-replace)',
  replace_by_triggers: 'something in its replace_triggered_by changes',
  delete_because_no_resource_config: 'it is no longer in the configuration',
  delete_because_no_module: 'its module is no longer in the configuration',
  delete_because_wrong_repetition: 'it changed between count, for_each and neither',
  delete_because_count_index: 'its index is beyond count',
  delete_because_each_key: 'its key is no longer in for_each',
  delete_because_no_move_target: 'the target of its move is not in the configuration',
  read_because_config_unknown: 'what it looks up is known only after apply',
  read_because_dependency_pending: 'something it depends on changes first',
  read_because_check_nested: 'it belongs to a check',
};

export function because(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : (reasons[reason] ?? reason.replaceAll('_', ' '));
}
