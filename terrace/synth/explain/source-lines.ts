import type { AskedUnit, LineAnswer, LineQuestion, UnitLines } from '../../delivery/affected/source-lines';
import type { ValueChange } from '../../delivery/affected/value-changes';
import type { SourceLine } from '../../base/source-line';
import { attributeSources, makersOf } from './attribute-sources';
import { envcommonPlace } from './envcommon-place';
import { explainer, type Candidate, type Effect, type Explainer } from './explainer';
import { pointKey, type ObservedBuilder } from './observed-builds';
import { pointOf, settingsOf, valuesElsewhere } from './setting-levels';
import { lineOfCalls } from './lines-of-calls';
import { tableLine } from './table-line';
import { unitSettings } from './unit-settings';

/** Changed settings that are tried at most: each costs a build or a few. */
const mostSettings = 24;
/** Values of one unit whose settings are looked for among all that it read, where no line that differs decides them. */
const mostSearched = 4;

interface Asked {
  readonly builder: ObservedBuilder;
  readonly root: string;
  readonly changed: ReadonlySet<string>;
}

/**
 * The lines of a source that decide values of its units, as `explain` finds them. Of each value in this order: the changed setting that gives another value when it has another
 * one itself; the property, or the constant, that the calls which make its block are given on a changed line; the setting that decides it, changed or not; the line that
 * makes the block.
 */
export async function linesOf(
  builder: ObservedBuilder,
  { root, question }: { readonly root: string; readonly question: LineQuestion },
): Promise<LineAnswer> {
  const asked = { builder, root, changed: new Set(question.changed) };
  const valued = question.units.filter(({ values }) => values.length > 0).map(({ unit }) => unit);
  const explains = valued.length === 0 ? undefined : await explainer(builder, valued);
  const effects = explains === undefined ? [] : await effectsOfChanged(explains, asked);
  const answer: Record<string, UnitLines> = {};
  for (const one of question.units) {
    const entry = one.entry ? tableLine(root, one.unit, asked.changed) : undefined;
    answer[one.unit] = {
      ...(entry === undefined ? {} : { entry }),
      values: explains === undefined ? [] : await valueLines(explains, effects, one, asked),
    };
  }
  return answer;
}

/** A changed setting, where it is written, and what another value in its place changes. */
interface ChangedSetting {
  readonly place: string;
  readonly effect: Effect;
}

/** The effects of those settings that were read and whose lines differ. */
async function effectsOfChanged(explains: Explainer, { root, changed }: Asked): Promise<readonly ChangedSetting[]> {
  const candidates = new Map<string, Candidate & { readonly place: string }>();
  const read = new Map(explains.base.reads.map(({ point, value }) => [pointKey(point), { point, value }]));
  for (const { region } of explains.base.tree.units)
    for (const setting of settingsOf(region, root)) {
      const point = pointOf(region, setting);
      const place = `${setting.file}:${setting.line}`;
      if (!changed.has(place) || !read.has(pointKey(point))) continue;
      candidates.set(pointKey(point), { point, place, value: setting.value, elsewhere: valuesElsewhere(region, point) });
    }
  for (const [key, { point, value }] of read) {
    if (point.level !== 'envcommon') continue;
    const { file, line } = envcommonPlace(root, point.place, point.setting);
    if (changed.has(`${file}:${line}`)) candidates.set(key, { point, place: `${file}:${line}`, value, elsewhere: [] });
  }
  const found: ChangedSetting[] = [];
  for (const { point, place, value, elsewhere } of [...candidates.values()].slice(0, mostSettings))
    found.push({ place, effect: await explains.effectOf(point, value, elsewhere) });
  return found;
}

async function valueLines(
  explains: Explainer,
  settings: readonly ChangedSetting[],
  { unit, values }: AskedUnit,
  { root, changed }: Asked,
): Promise<UnitLines['values']> {
  const found: (string | null)[] = [];
  let searched = 0;
  for (const value of values) {
    const makers = makersOf(explains, unit, value.block);
    const known = settingLine(settings, unit, value) ?? lineOfCalls(makers, value.attribute, changed);
    if (known !== undefined) found.push(known);
    else if (value.attribute !== '' && searched < mostSearched) {
      searched += 1;
      found.push((await decidingLine(explains, unit, value, root)) ?? lastLine(makers));
    } else found.push(lastLine(makers));
  }
  return found;
}

/** The line of the changed setting that decides a value: one of a level before a function's that passes it on. */
function settingLine(
  settings: readonly ChangedSetting[],
  unit: string,
  value: Pick<ValueChange, 'block' | 'attribute'>,
): string | undefined {
  const deciding = settings.filter(({ effect }) => (effect.changes.get(unit) ?? []).some((change) => isSame(change, value)));
  return (deciding.find(({ effect }) => effect.point.level !== 'envcommon') ?? deciding[0])?.place;
}

function isSame(change: Pick<ValueChange, 'block' | 'attribute'>, value: Pick<ValueChange, 'block' | 'attribute'>): boolean {
  const [a, b] = [change.attribute, value.attribute];
  return change.block === value.block && (a === b || a === '' || a.startsWith(`${b}.`) || b.startsWith(`${a}.`));
}

/** The line of the setting that decides a value now, whether or not it differs. */
async function decidingLine(
  explains: Explainer,
  unit: string,
  { block, attribute }: Pick<ValueChange, 'block' | 'attribute'>,
  root: string,
): Promise<string | undefined> {
  const { region } = explains.base.tree.units.find((one) => one.path === unit) ?? {};
  if (region === undefined) return undefined;
  const sources = await attributeSources(explains, unit, block, attribute, unitSettings(explains.base, region, root));
  const setting = sources.attributes.flatMap((one) => one.settings)[0];
  return setting === undefined ? undefined : `${setting.file}:${setting.line}`;
}

/** The line of the unit's own that makes a block: the outermost call but that of the unit itself is the one its author wrote. */
function lastLine(makers: readonly SourceLine[]): string | null {
  return (makers.findLast(({ text }) => /^stacks\/[^/]+\/units\//.test(text)) ?? makers[0])?.text ?? null;
}
