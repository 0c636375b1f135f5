import type { DriftReport } from '../delivery/drift/drift';
import type { StatusReport, UnitStatus } from '../delivery/status/status';
import type { Mark, Overlay, Tone } from '../diagram/explore/page-data';
import { resourceId } from '../diagram/read/infrastructure';
import type { Finding } from '../review/findings/finding';
import type { ResourceChange } from '../review/plan/plan-model';
import type { Review, ReviewedUnit } from '../review/model/review';

/** What a bundle does, by unit and resource: add, change, replace, destroy, and its findings. `known` are the boxes of the page. */
export function bundleOverlay(review: Review, known: ReadonlySet<string>): Overlay {
  const findings = new Map<string, Finding[]>();
  const elsewhere: string[] = [];
  for (const finding of review.findings) {
    const id = finding.unit === undefined ? undefined : idOf(finding.unit, finding.address, known);
    if (id === undefined) elsewhere.push(`${finding.severity}: ${finding.title} (${finding.address ?? finding.unit ?? 'whole change'})`);
    else findings.set(id, [...(findings.get(id) ?? []), finding]);
  }
  const marks: Record<string, Mark> = {};
  for (const unit of review.units) {
    for (const change of unit.changes) {
      const mark = changeMark(change);
      const id = idOf(unit.path, change.address, known);
      if (mark === undefined) continue;
      if (id === undefined || id === unit.path) elsewhere.push(`${mark.word}: ${change.address} of ${unit.path}`);
      else marks[id] = mark;
    }
    const own = unitMark(unit, review.bundle.round);
    if (own === undefined) continue;
    if (known.has(unit.path)) marks[unit.path] = own;
    else elsewhere.push(`${own.word}: ${unit.path}`);
  }
  for (const [id, list] of findings) {
    const mark = marks[id] ?? { tone: 'note', word: '', notes: [] };
    marks[id] = { ...mark, findings: list.map(({ severity, title, reason }) => ({ severity, title, reason })) };
  }
  return { title: `bundle ${review.bundle.hash.slice(0, 12)}, round ${review.bundle.round}`, marks, elsewhere };
}

/** What `terrace drift --json` printed. */
export function driftOverlay(report: Pick<DriftReport, 'units'>, known: ReadonlySet<string>): Overlay {
  const marks: Record<string, Mark> = {};
  const elsewhere: string[] = [];
  const tones = { clean: 'same', drifted: 'drift', 'not applied': 'note', failed: 'failed' } as const;
  for (const { unit, status, resources, problems } of report.units) {
    const notes = problems.map(({ code, title, found }) => `${code} ${title}: ${found ?? ''}`);
    if (known.has(unit)) marks[unit] = { tone: tones[status], word: status === 'clean' ? '' : status, notes };
    else if (status !== 'clean') elsewhere.push(`${status}: ${unit}`);
    for (const { address, kind, attributes } of resources) {
      const id = idOf(unit, address, known);
      const mark: Mark = {
        tone: kind === 'gone' ? 'destroy' : 'drift',
        word: kind,
        notes: attributes.map(({ path, before, after }) => `${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`),
      };
      if (id === undefined || id === unit) elsewhere.push(`${kind}: ${address} of ${unit}`);
      else marks[id] = mark;
    }
  }
  return { title: 'drift', marks, elsewhere };
}

const statusTones: Readonly<Partial<Record<UnitStatus, Tone>>> = {
  current: 'same',
  behind: 'behind',
  'never applied': 'add',
  'other branch': 'behind',
  applying: 'change',
  'not moved': 'behind',
};

/** What `terrace status --json` printed. A state that nobody can account for is shown as failed. */
export function statusOverlay(report: Pick<StatusReport, 'units' | 'orphans'>, known: ReadonlySet<string>): Overlay {
  const marks: Record<string, Mark> = {};
  const elsewhere = report.orphans.map(({ unit, bucket, key }) => `orphan: ${unit} has a state (s3://${bucket}/${key}) but no unit`);
  for (const { unit, status, reasons, notes, commit, at, lock } of report.units) {
    const mark: Mark = {
      tone: statusTones[status] ?? 'failed',
      word: status === 'current' ? '' : status,
      notes: [
        ...reasons,
        ...notes,
        ...(commit === null ? [] : [`applied from ${commit.slice(0, 12)}${at === null ? '' : `, ${at}`}`]),
        ...(lock === null ? [] : [`locked by ${lock.who} (${lock.operation})`]),
      ],
    };
    if (known.has(unit)) marks[unit] = mark;
    else if (status !== 'current') elsewhere.push(`${status}: ${unit}`);
  }
  return { title: 'status', marks, elsewhere };
}

/** The box of a resource, all instances of a `count` or `for_each` in one; that of its unit where there is none. */
function idOf(unit: string, address: string | undefined, known: ReadonlySet<string>): string | undefined {
  const resource = address === undefined ? unit : resourceId(unit, address.replaceAll(/\[[^\]]*\]/g, ''));
  return known.has(resource) ? resource : known.has(unit) ? unit : undefined;
}

const actions = {
  create: { tone: 'add', word: 'add' },
  update: { tone: 'change', word: 'change' },
  replace: { tone: 'replace', word: 'replace' },
  delete: { tone: 'destroy', word: 'destroy' },
  forget: { tone: 'note', word: 'forget' },
} as const;

function changeMark(change: ResourceChange): Mark | undefined {
  const { action, because, replacePaths, attributes, movedFrom, imported } = change;
  if (action === 'read') return undefined;
  const notes = [
    ...(because === undefined ? [] : [`because ${because}`]),
    ...(replacePaths.length === 0 ? [] : [`replaced for ${replacePaths.join(', ')}`]),
    ...(movedFrom === undefined ? [] : [`moved from ${movedFrom}`]),
    ...(attributes.length === 0 || action === 'create' || action === 'delete'
      ? []
      : [
          `${attributes.length === 1 ? '1 attribute' : `${attributes.length} attributes`}: ${attributes
            .map(({ path }) => path.join('.'))
            .slice(0, 8)
            .join(', ')}`,
        ]),
  ];
  if (action === 'none') return { tone: 'note', word: imported === undefined ? 'move' : 'import', notes };
  return { ...actions[action], notes };
}

function unitMark(unit: ReviewedUnit, round: number): Mark | undefined {
  if (unit.status === 'failed') return { tone: 'failed', word: 'failed', notes: [unit.reason ?? ''] };
  if (unit.status === 'deferred') {
    const changes = (unit.source?.changes ?? []).map(({ address }) => address);
    return {
      tone: 'behind',
      word: 'deferred',
      notes: [unit.reason ?? '', ...(changes.length === 0 ? [] : [`not planned yet: ${changes.join(', ')}`])],
    };
  }
  if (unit.status === 'unchanged') return undefined;
  const { counts } = unit;
  const words = (['delete', 'replace', 'update', 'create'] as const).flatMap((action) =>
    counts[action] === 0 ? [] : [`${counts[action]} to ${actions[action].word}`],
  );
  const worst = (['delete', 'replace', 'update', 'create'] as const).find((action) => counts[action] > 0);
  return { tone: worst === undefined ? 'note' : actions[worst].tone, word: '', notes: [`round ${round}: ${words.join(', ')}`] };
}
