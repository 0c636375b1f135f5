import type { Severity } from './finding';
import type { SourceRule } from './rule';

interface RemarkKind {
  readonly kind: string;
  readonly title: string;
  readonly severity: Severity;
  readonly explain: string;
}

const kinds: readonly RemarkKind[] = [
  {
    kind: 'protection-removed',
    title: 'Something protected is destroyed',
    severity: 'critical',
    explain: 'Its `prevent_destroy` is removed in the same change: whoever wrote it wanted a second look before this happens.',
  },
  {
    kind: 'state-given-up',
    title: 'A lost state is given up',
    severity: 'critical',
    explain: 'The resources in the state still exist, but nothing manages them. Everything in the unit is created a second time.',
  },
  {
    kind: 'reader-forgotten',
    title: 'A reader of a unit was forgotten by hand',
    severity: 'critical',
    explain:
      'Its environment is gone from the source, so nobody can plan it any more, and what it read may now be destroyed. What its state held may still exist and still use it.',
  },
  {
    kind: 'unit-renamed',
    title: 'A unit is destroyed and a new one has its resources',
    severity: 'high',
    explain: 'If the unit was only renamed, `movedFrom` on the new one moves its state, and nothing is destroyed or created.',
  },
  {
    kind: 'rules-accepted',
    title: 'The rules that judge this change were accepted by hand',
    severity: 'critical',
    explain: 'An administrator changed the accepted commit, and nobody approved what came before it. Look at the rules before you approve.',
  },
  {
    kind: 'history-superseded',
    title: 'The history no longer has what was applied last',
    severity: 'critical',
    explain: 'The branch was reset to before what was applied: everything since then is undone. A revert would go forward instead.',
  },
  {
    kind: 'apply-interrupted',
    title: 'The last apply of a unit was never completed',
    severity: 'medium',
    explain: 'What it was creating may exist without being in the state: creating it again fails, or makes a second one.',
  },
  {
    kind: 'replaced-under-readers',
    title: 'Something that applied units read is replaced',
    severity: 'medium',
    explain: 'Until its readers are applied as well, they use the old value.',
  },
  {
    kind: 'readers-outside',
    title: 'Readers of a changed output are not in this plan',
    severity: 'low',
    explain: 'They use the old value until they are planned and applied: `terrace plan --with-dependents` includes them.',
  },
  {
    kind: 'readers-unknown',
    title: 'Readers of what is taken away are not known',
    severity: 'high',
    explain:
      'Records of an environment that the source no longer has, or has elsewhere now, cannot be read from here. Ask somebody who may read them before you approve.',
  },
  {
    kind: 'unit-excluded',
    title: 'A unit is left out',
    severity: 'info',
    explain: 'Another branch applied it last. It stays as it is.',
  },
  {
    kind: 'unit-unplanned',
    title: 'A unit cannot be planned on a branch',
    severity: 'medium',
    explain:
      'Its provider has no read-only token, and a branch is not given one that writes. Its changes are shown once the branch is merged, before they are approved.',
  },
  {
    kind: 'written-by-another-tool',
    title: 'Another tool has written the state since',
    severity: 'info',
    explain: 'It was applied with terraform, cdktf or terragrunt, outside bundles and approvals.',
  },
];

/** A finding of each remark of the bundle. */
export const remarkRules: readonly SourceRule[] = kinds.map(({ kind, ...text }) => ({
  scope: 'source',
  id: kind,
  ...text,
  *check({ remarks = [] }) {
    for (const remark of remarks) if (remark.kind === kind) yield { reason: remark.text, unit: remark.unit };
  },
}));
