import type { Condition, RunFact, Value } from '../../tree/ci-pipeline';

const facts: Readonly<Record<RunFact, string>> = {
  commit: 'github.sha',
  before: 'github.event.before',
  'target-branch': 'github.base_ref',
  'ref-name': 'github.ref_name',
  ref: 'github.ref',
  base: 'github.event.pull_request.base.sha || github.sha',
  change: 'github.event.pull_request.number',
  id: 'github.run_id',
  attempt: 'github.run_attempt',
  token: 'github.token',
  address: "format('{0}/{1}/actions/runs/{2}', github.server_url, github.repository, github.run_id)",
  repository: 'github.repository',
};

/** The expression that gives a value. */
export function expression(value: Value, branch: string): string {
  switch (value.from) {
    case 'input':
      return `inputs.${value.name}`;
    case 'job':
      return value.name === '@result' ? `needs.${value.job}.result` : `needs.${value.job}.outputs.${value.name}`;
    case 'step':
      return `steps.${value.step}.outputs.${value.name}`;
    case 'secret':
      return `secrets.${value.name}`;
    case 'setting':
      return `vars.${value.name}`;
    case 'entry':
      return `matrix.${value.name}`;
    case 'run':
      return facts[value.what];
    case 'condition':
      return condition(value.condition, branch);
    case 'either':
      return `${part(value.when, branch, ' || ')} && ${expression(value.value, branch)} || ${expression(value.other, branch)}`;
    case 'text':
      return `'${value.text.replaceAll("'", "''")}'`;
  }
}

/** A value as text in which expressions are written. */
export function interpolated(value: Value | string, branch: string): string {
  if (typeof value === 'string') return value;
  return value.from === 'text' ? value.text : `\${{ ${expression(value, branch)} }}`;
}

/** The expression that says whether something runs. */
export function condition(wanted: Condition, branch: string): string {
  if (wanted === 'protected') return `github.ref == 'refs/heads/${branch}' && github.event_name != 'pull_request'`;
  if (wanted === 'own-change')
    return "github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository";
  if (wanted === 'trusted')
    return "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository";
  if (wanted === 'though-skipped') return '!cancelled() && !failure()';
  if (wanted === 'always') return 'always()';
  if ('is' in wanted) return `${expression(wanted.is, branch)} ${wanted.not === true ? '!=' : '=='} '${wanted.equal}'`;
  if ('has' in wanted) return `contains(fromJSON(${expression(wanted.list, branch)}), '${wanted.has}')`;
  if ('all' in wanted) return wanted.all.map((one) => part(one, branch, ' || ')).join(' && ');
  return wanted.any.map((one) => part(one, branch, ' && ')).join(' || ');
}

function part(wanted: Condition, branch: string, other: string): string {
  const text = condition(wanted, branch);
  return text.includes(other) ? `(${text})` : text;
}
