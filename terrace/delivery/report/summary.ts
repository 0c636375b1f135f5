import { plain, type Paint } from '../../base/paint';
import { quantity } from '../../base/plural';
import { visibleLine } from '../../base/visible';
import type { Bundle, BundleUnit } from '../bundle/bundle';
import { addActions, noActions, type ActionCounts } from '../../terraform/action-counts';

import { unitLines, withoutPlace, type UnitLinesOptions } from './unit-lines';

/** `+2 ~1 -/+1 -3, 1 output`: create, update, replace, destroy, then what has no sign; `no changes` where there are none. */
export function countsText(actions: ActionCounts): string {
  return paintedCounts(actions, plain);
}

/** The same in the colours of what happens. */
export function paintedCounts(actions: ActionCounts, paint: Paint): string {
  const parts = [
    [actions.create, '+', 'add'],
    [actions.update, '~', 'change'],
    [actions.replace, '-/+', 'replace'],
    [actions.destroy, '-', 'destroy'],
  ] as const;
  const signed = parts.flatMap(([count, sign, tone]) => (count > 0 ? [paint(tone, `${sign}${count}`)] : [])).join(' ');
  const words = [
    [actions.import, 'import', 'imports'],
    [actions.move, 'move', 'moves'],
    [actions.forget, 'forgotten', 'forgotten'],
    [actions.outputs, 'output', 'outputs'],
  ] as const;
  const text = [
    ...(signed === '' ? [] : [signed]),
    ...words.flatMap(([count, one, many]) => (count > 0 ? [quantity(count, one, many)] : [])),
  ];
  return text.length === 0 ? 'no changes' : text.join(', ');
}

/** What a person reads before a yes: units, changes, taint, what waits and what failed; then sums, hash and expiry. */
export function bundleText(bundle: Bundle, hash: string, { paint = plain, width }: Omit<UnitLinesOptions, 'unchanged'> = {}): string {
  const isQuiet = (entry: BundleUnit): boolean => entry.operation === 'apply' && entry.unchanged && entry.mocks.length === 0;
  const lines = unitLines(
    [
      ...bundle.units.filter((entry) => !isQuiet(entry)).map((entry) => ({ unit: entry.unit.path, text: unitText(entry, paint) })),
      ...bundle.deferred.map(({ unit, reason }) => ({
        unit,
        text: `${paint('soft', 'later:')} ${visibleLine(withoutPlace(reason, unit))}`,
      })),
      ...bundle.failed.map(({ unit, error }) => ({ unit, text: `${paint('bad', 'failed:')} ${visibleLine(error)}` })),
    ],
    { unchanged: bundle.units.filter(isQuiet).length, paint, width },
  );
  const total = bundle.units.map((entry) => entry.actions).reduce(addActions, noActions);
  const commit = bundle.commit === null ? 'no commit' : `${bundle.commit.slice(0, 12)}${bundle.dirty ? ' (dirty)' : ''}`;
  const tainted = bundle.units.filter((entry) => entry.mocks.length > 0).length;
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    ...(bundle.remarks ?? []).map((one) => `note: ${visibleLine(one.unit)}: ${visibleLine(one.text)}`),
    ...(tainted === 0 ? [] : [`${quantity(tainted, 'unit')} planned with mocks: this bundle can be reviewed, but never applied`]),
    visibleLine(
      `round ${bundle.round}${bundle.shard === null ? '' : ` shard ${bundle.shard.index}/${bundle.shard.count}`}: ${quantity(bundle.units.length, 'unit')}, ${countsText(total)}${bundle.deferred.length > 0 ? `, ${bundle.deferred.length} later` : ''}${bundle.failed.length > 0 ? `, ${bundle.failed.length} failed` : ''}`,
    ),
    visibleLine(`commit ${commit}, ${bundle.terraform.name} ${bundle.terraform.version}, expires ${bundle.expiresAt}`),
    `bundle ${visibleLine(hash)}`,
  ].join('\n');
}

function unitText(entry: BundleUnit, paint: Paint): string {
  const changes = entry.unchanged ? 'no changes' : paintedCounts(entry.actions, paint);
  const taint = entry.mocks.length > 0 ? `  ${paint('medium', `on ${quantity(entry.mocks.length, 'mock')}`)}` : '';
  return `${entry.operation === 'destroy' ? `${paint('destroy', 'DESTROY')} ` : ''}${changes}${taint}`;
}

/** What `terrace bundle show --json` prints: the bundle without the units' models, readable without a key. */
export function bundleJson(bundle: Bundle, hash: string): object {
  return {
    version: 1,
    hash,
    commit: bundle.commit,
    dirty: bundle.dirty,
    authors: bundle.authors,
    rules: bundle.rules,
    terraform: bundle.terraform,
    createdAt: bundle.createdAt,
    expiresAt: bundle.expiresAt,
    round: bundle.round,
    shard: bundle.shard,
    units: bundle.units.map(({ unit, operation, after, actions, unchanged, mocks, state, consumed }) => ({
      unit: unit.path,
      operation,
      after,
      actions,
      unchanged,
      tainted: mocks.length > 0,
      mocks,
      state,
      consumed: consumed.map(({ unit: upstream, outputs }) => ({ unit: upstream, outputs })),
    })),
    deferred: bundle.deferred,
    failed: bundle.failed,
    remarks: bundle.remarks ?? [],
  };
}
