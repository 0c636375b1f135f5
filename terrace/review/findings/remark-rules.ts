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
    explain: '`prevent_destroy` stood on it, and went in the same change: whoever wrote it wanted a second look before this happens.',
  },
  {
    kind: 'state-given-up',
    title: 'A lost state is given up',
    severity: 'critical',
    explain: 'What the state held goes on existing and is managed by nobody. Everything in the unit is made a second time.',
  },
  {
    kind: 'unit-renamed',
    title: 'A unit is destroyed whose resources a new one has',
    severity: 'high',
    explain: 'If the unit was only renamed, `movedFrom` on the new one takes its state along, and nothing is destroyed or made.',
  },
  {
    kind: 'rules-accepted',
    title: 'The rules that judge this were accepted by hand',
    severity: 'critical',
    explain: 'An administrator moved what is accepted, and nobody approved what came before it. Look at the rules before you say yes.',
  },
  {
    kind: 'history-superseded',
    title: 'The history lost what was applied last',
    severity: 'critical',
    explain: 'The branch was rolled back behind what was applied: everything that was there since is undone. A revert would go forward.',
  },
  {
    kind: 'apply-interrupted',
    title: 'The last apply of a unit never ended',
    severity: 'medium',
    explain: 'What it had begun may exist without standing in the state: a plan that makes it a second time fails, or makes a second one.',
  },
  {
    kind: 'replaced-under-readers',
    title: 'Something that applied units read is replaced',
    severity: 'medium',
    explain: 'Until the readers are applied as well they hold the old value.',
  },
  {
    kind: 'readers-outside',
    title: 'Readers of a changed output are not in this plan',
    severity: 'low',
    explain: 'They go on with the old value until they are planned and applied: `terrace plan --with-dependents` takes them along.',
  },
  {
    kind: 'unit-excluded',
    title: 'A unit is left out',
    severity: 'info',
    explain: 'Another branch applied it last. It stays as it is.',
  },
  {
    kind: 'unit-unplanned',
    title: 'A unit gets no plan of a branch',
    severity: 'medium',
    explain:
      'Its provider has no token that only reads, and a branch is given none that writes. What it changes is seen once the branch is merged, before it is approved.',
  },
  {
    kind: 'written-by-another-tool',
    title: 'Another tool wrote the state since',
    severity: 'info',
    explain: 'terraform, cdktf or terragrunt applied it outside of bundles and approvals.',
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
