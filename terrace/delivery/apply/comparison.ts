import { keyedDigest } from '../../base/canonical';
import { TerraceError, exitCodes } from '../../base/errors';
import { consumedValues } from '../../terraform/remote-states';
import type { Bundle } from '../bundle/bundle';
import type { VerifiedBundle } from '../bundle/verify';
import { refused } from '../problems';
import { forgottenRemarks } from '../record/forgotten';
import { compareWithRecord } from '../record/memory';
import type { AppliedRecord } from '../record/record';
import type { StateObject } from '../record/states';
import type { Upstream } from '../record/upstreams';

import type { OpenedUnit } from './open-bundle';

/** The state is the one that was planned. Raises E6007. */
export function compareState(opened: OpenedUnit, state: StateObject | undefined): void {
  const { entry } = opened;
  const now = { lineage: state?.lineage ?? null, serial: state?.serial ?? 0 };
  // terraform gives a state that does not exist yet a lineage of its own when it plans.
  if (state === undefined && entry.state.serial === 0) return;
  if (now.lineage === entry.state.lineage && now.serial === entry.state.serial) return;
  throw refused('E6007', {
    place: entry.unit.path,
    found: state === undefined ? 'its state is gone' : `serial ${now.serial} of lineage ${now.lineage ?? ''}`,
    expected: `serial ${entry.state.serial} of lineage ${entry.state.lineage ?? 'none'}`,
    todo: 'plan again, and approve that plan: somebody changed the state since',
  });
}

/** A state that is gone is no new one, unless the bundle says that it is given up. */
export function refuseLostState(
  { bundle }: VerifiedBundle,
  unit: string,
  record: AppliedRecord | undefined,
  state: StateObject | undefined,
): void {
  const remembered = compareWithRecord(unit, record, state);
  if (remembered.kind !== 'lost') return;
  if (state === undefined && bundle.remarks?.some((one) => one.kind === 'state-given-up' && one.unit === unit) === true) return;
  throw new TerraceError(remembered.problem, exitCodes.refused);
}

/** A reader that was given up since the last apply is said by the bundle that is approved. Raises E6096. */
export function refuseUnsaidForgotten({ remarks }: Pick<Bundle, 'remarks'>, unit: string, record: AppliedRecord | undefined): void {
  const said = new Set(remarks?.flatMap((one) => (one.kind === 'reader-forgotten' && one.unit === unit ? [one.text] : [])));
  const unsaid = forgottenRemarks(unit, record).find(({ text }) => !said.has(text));
  if (unsaid === undefined) return;
  throw refused('E6096', { place: unit, found: unsaid.text, todo: 'plan again, and approve that plan' });
}

/** What the plan consumed is what upstreams give now. Raises E6008. */
export function compareInputs(opened: OpenedUnit, upstreams: readonly Upstream[]): void {
  const bound = new Set(opened.entry.consumed.map(({ unit }) => unit));
  const unbound =
    opened.entry.operation === 'destroy' ? [] : upstreams.filter(({ unit, remote }) => remote.outputs?.length !== 0 && !bound.has(unit));
  if (unbound.length > 0)
    throw refused('E6008', {
      place: opened.entry.unit.path,
      found: `it reads ${unbound.map(({ unit }) => unit).join(', ')}, and the bundle does not say what was read there`,
      todo: 'plan again, and approve that plan',
    });
  for (const consumed of opened.entry.consumed) {
    const upstream = upstreams.find((one) => one.unit === consumed.unit);
    const place = opened.entry.unit.path;
    if (upstream?.state === undefined)
      throw refused('E6008', { place, found: `the state of ${consumed.unit} is gone`, todo: 'plan again, and approve that plan' });
    if (upstream.state.lineage !== consumed.lineage)
      throw refused('E6008', {
        place,
        found: `the state of ${consumed.unit} was replaced: lineage ${upstream.state.lineage}`,
        expected: String(consumed.lineage),
        todo: 'plan again, and approve that plan',
      });
    const values = Object.fromEntries(Object.entries(upstream.state.outputs).map(([name, output]) => [name, output.value]));
    if (keyedDigest(opened.unmasked.key, consumedValues(values, upstream.remote.outputs)) !== consumed.digest)
      throw refused('E6008', {
        place,
        found: `${consumed.outputs.join(', ')} of ${consumed.unit} changed since it was planned`,
        todo: 'plan again, and approve that plan',
      });
  }
}
