import { plain, type Paint } from '../../base/paint';
import { quantity } from '../../base/plural';
import { visible, visibleLine } from '../../base/visible';
import type { Bundle, BundleUnit } from '../bundle/bundle';
import { addActions, noActions, type ActionCounts } from '../../terraform/action-counts';

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
export function bundleText(bundle: Bundle, hash: string): string {
  const width = Math.max(
    4,
    ...[
      ...bundle.units.map((entry) => entry.unit.path),
      ...bundle.deferred.map((one) => one.unit),
      ...bundle.failed.map((one) => one.unit),
    ].map((path) => path.length),
  );
  const lines = [
    ...bundle.units.map((entry) => `${entry.unit.path.padEnd(width)}  ${unitText(entry)}`),
    ...bundle.deferred.map((one) => `${one.unit.padEnd(width)}  later: ${visibleLine(one.reason)}`),
    ...bundle.failed.map((one) => `${one.unit.padEnd(width)}  failed: ${visibleLine(one.error)}`),
  ];
  const total = bundle.units.map((entry) => entry.actions).reduce(addActions, noActions);
  const commit = bundle.commit === null ? 'no commit' : `${bundle.commit.slice(0, 12)}${bundle.dirty ? ' (dirty)' : ''}`;
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    ...(bundle.remarks ?? []).map((one) => `note: ${one.unit}: ${visibleLine(one.text)}`),
    `round ${bundle.round}${bundle.shard === null ? '' : ` shard ${bundle.shard.index}/${bundle.shard.count}`}: ${quantity(bundle.units.length, 'unit')}, ${countsText(total)}${bundle.deferred.length > 0 ? `, ${bundle.deferred.length} later` : ''}${bundle.failed.length > 0 ? `, ${bundle.failed.length} failed` : ''}`,
    `commit ${commit}, ${bundle.terraform.name} ${visibleLine(bundle.terraform.version)}, expires ${bundle.expiresAt}`,
    `bundle ${hash}`,
  ]
    .map(visible)
    .join('\n');
}

function unitText(entry: BundleUnit): string {
  const taint =
    entry.mocks.length > 0 ? `  TAINTED by mocks of ${[...new Set(entry.mocks.map((mock) => mock.unit))].join(', ')}: never applied` : '';
  return `${entry.operation === 'destroy' ? 'DESTROY ' : ''}${entry.unchanged && taint === '' ? 'no changes' : countsText(entry.actions)}${taint}`;
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
