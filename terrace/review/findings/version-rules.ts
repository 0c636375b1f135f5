import { valueAt, some, word } from './value-at';
import type { Rule } from './rule';

/** Attributes that say which version of something runs. */
const engineVersions = ['engine_version', 'kubernetes_version', 'min_master_version', 'platform_version', 'sku_name', 'runtime'];

function major(version: string): string {
  return version.replace(/^v/, '').split('.')[0] ?? '';
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}

export const versionRules: readonly Rule[] = [
  {
    scope: 'source',
    id: 'terraform-version-changed',
    title: 'The version of terraform changes',
    severity: 'medium',
    explain: 'After the apply, an older version may refuse the state. Everybody who works on it needs the new one.',
    *check({ terraform }) {
      if (terraform === undefined) return;
      const { file, before, after } = terraform;
      yield {
        reason: `planned with ${after}, the base pins ${before} (${file})`,
        severity: compare(after, before) < 0 ? 'high' : major(after) === major(before) ? 'medium' : 'high',
        attribute: file,
      };
    },
  },
  {
    scope: 'source',
    id: 'provider-version-changed',
    title: 'A provider’s version changes',
    severity: 'medium',
    explain: 'A new major version may rename, remove or replace things. Read its upgrade notes; a plan without changes is the proof.',
    *check(source) {
      for (const { lockFile, provider, before, after } of source.lockedVersions) {
        const severity =
          before === undefined || after === undefined
            ? 'medium'
            : compare(after, before) < 0 || major(before) !== major(after)
              ? 'high'
              : 'low';
        yield { reason: `${provider} ${before ?? 'not used'} → ${after ?? 'not used'} (${lockFile})`, severity, attribute: lockFile };
      }
    },
  },
  {
    scope: 'change',
    id: 'engine-version-changed',
    title: 'The version of an engine changes',
    severity: 'medium',
    explain: 'Databases and clusters can be upgraded but not downgraded. A major version needs downtime, and a test on a copy.',
    *check(change) {
      if (change.action !== 'update' && change.action !== 'replace') return;
      for (const name of engineVersions) {
        if (name === 'sku_name' || (name === 'runtime' && !change.type.includes('lambda'))) continue;
        const [before, after] = [valueAt(change.before, name), valueAt(change.after, name)];
        if (typeof before !== 'string' || typeof after !== 'string' || before === after) continue;
        yield { reason: `${name}: ${before} → ${after}`, severity: major(before) !== major(after) ? 'high' : 'medium', attribute: name };
      }
      if (change.type === 'helm_release' && valueAt(change.before, 'version') !== valueAt(change.after, 'version'))
        yield {
          reason: `chart ${word(valueAt(change.after, 'chart'))}: ${word(valueAt(change.before, 'version'))} → ${word(valueAt(change.after, 'version'))}`,
          attribute: 'version',
        };
    },
  },
  {
    scope: 'source',
    id: 'rules-changed',
    title: 'The rules that judge changes are changed',
    severity: 'critical',
    explain:
      'This change is judged by the previous rules and needs the second approver that they require. Look at the changed rule files before anything else.',
    *check(source) {
      const judging = source.files.filter(isJudging);
      if (judging.length > 0) yield { reason: some(judging, 8) };
    },
  },
];

/** True for a file that decides whether a change is let through: approval policy, policies, workflows, lock files. */
export function isJudging(file: string): boolean {
  return (
    file === 'terrace.approvals.json' ||
    file.startsWith('policies/') ||
    file.startsWith('.github/workflows/') ||
    file.startsWith('.github/actions/') ||
    /(?:^|\/)(?:\.terraform\.lock\.hcl|CODEOWNERS|package-lock\.json)$/.test(file)
  );
}
