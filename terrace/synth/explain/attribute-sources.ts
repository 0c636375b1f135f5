import { sourceLinesOf, type SourceLine } from '../../base/source-line';
import { blocksIn, type Effect, type Explainer } from './explainer';
import { pointKey } from './observed-builds';
import type { UnitSetting } from './unit-settings';
import { valueIn } from './way-of-setting';

/** One attribute of a block and what decides it. */
export interface AttributeSources {
  /** Dotted path; empty for the block as a whole. */
  readonly attribute: string;
  readonly value: unknown;
  /** Settings that decide it, with their lines; empty where the source of the unit or of a module does. */
  readonly settings: readonly UnitSetting[];
  /** Outputs of other units that it is made of. */
  readonly outputs: readonly { readonly unit: string; readonly output: string }[];
}

/** A block of a unit, its attributes, and where it is made. */
export interface BlockSources {
  readonly block: string;
  /** Places of the source that make it, the innermost first: the module, the unit. */
  readonly made: readonly string[];
  readonly attributes: readonly AttributeSources[];
}

/** The block of a unit that an address means: its name, or its name without the hash that cdktf adds; undefined where there is none, or several. */
export function blockNamed(explainer: Pick<Explainer, 'base'>, unit: string, address: string): string | undefined {
  const blocks = [...blocksIn(explainer.base, unit).keys()];
  if (blocks.includes(address)) return address;
  const found = blocks.filter((block) => block.startsWith(`${address}_`) && /^_[0-9A-F]{8}$/.test(block.slice(address.length)));
  return found.length === 1 ? found[0] : undefined;
}

/** What decides a block's attributes; one of them, and what lies below it, where it is named. */
export async function attributeSources(
  explainer: Explainer,
  unit: string,
  block: string,
  attribute: string | undefined,
  settings: readonly UnitSetting[],
): Promise<BlockSources> {
  const isMeant = (one: string): boolean =>
    attribute === undefined || one === attribute || one === '' || one.startsWith(`${attribute}.`) || attribute.startsWith(`${one}.`);
  const concerned = (effect: Effect): readonly string[] =>
    (effect.changes.get(unit) ?? [])
      .filter((change) => change.block === block && isMeant(change.attribute))
      .map((change) => change.attribute);
  const read = new Set(explainer.base.reads.map(({ point }) => pointKey(point)));
  const candidates = settings.filter(({ point }) => read.has(pointKey(point)));
  const effects = await explainer.narrow(candidates, (effect) => concerned(effect).length > 0);
  const bySetting = new Map(settings.map((one) => [pointKey(one.point), one]));
  const deciding = new Map<string, UnitSetting[]>();
  for (const effect of effects.filter((one) => !isPassedOn(one, effects)))
    for (const changed of new Set(concerned(effect))) {
      const setting = bySetting.get(pointKey(effect.point));
      if (setting !== undefined) deciding.set(changed, [...(deciding.get(changed) ?? []), setting]);
    }
  const body = blocksIn(explainer.base, unit).get(block);
  const names =
    attribute === undefined
      ? [...new Set([...topLevel(body), ...deciding.keys()])]
      : deciding.size === 0
        ? [attribute]
        : [...deciding.keys()];
  return {
    block,
    made: madeAt(explainer, unit, block),
    attributes: names
      // A value below which something is decided is shown there.
      .filter((name) => deciding.has(name) || ![...deciding.keys()].some((other) => other.startsWith(`${name}.`)))
      .toSorted()
      .map((name) => ({
        attribute: name,
        value: valueIn(body, name),
        settings: deciding.get(name) ?? [],
        outputs: outputsIn(explainer, unit, valueIn(body, name)),
      })),
  };
}

/** A result of envcommon that a setting changes as well is that setting's. */
function isPassedOn(effect: Effect, all: readonly Effect[]): boolean {
  const { level, place, setting } = effect.point;
  return level === 'envcommon' && all.some((other) => other.point.level !== 'envcommon' && other.results.has(`${place} ${setting}`));
}

/** The outputs of other units in a value's expressions. */
function outputsIn({ base }: Explainer, path: string, value: unknown): AttributeSources['outputs'] {
  const dependencies = base.tree.model.units.find((one) => one.path === path)?.dependencies ?? [];
  const text = JSON.stringify(value) ?? '';
  const found = [...text.matchAll(/data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)/g)].map(([, state = '', output = '']) => ({
    unit: dependencies.find((one) => one.remoteState === state)?.unit ?? state,
    output,
  }));
  return found.filter((one, index) => found.findIndex((other) => other.unit === one.unit && other.output === one.output) === index);
}

function topLevel(body: unknown): readonly string[] {
  return typeof body === 'object' && body !== null ? Object.keys(body) : [];
}

/** Where the construct of a block was made. */
function madeAt(explainer: Explainer, path: string, block: string): readonly string[] {
  return [...new Set(makersOf(explainer, path, block).map(({ text }) => text))];
}

/** The calls that made the construct of a block, the innermost first: in a module, in the unit. */
export function makersOf({ base }: Pick<Explainer, 'base'>, path: string, block: string): readonly SourceLine[] {
  const unit = base.tree.units.find((one) => one.path === path);
  const name = block.slice(block.lastIndexOf('.') + 1);
  const element = unit?.node.findAll().find((one) => Reflect.get(one, 'friendlyUniqueId') === name && base.made.has(one.node.path));
  return sourceLinesOf(element === undefined ? undefined : base.made.get(element.node.path)?.stack);
}
