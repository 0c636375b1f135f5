import { closest } from 'fastest-levenshtein';

import { exitCodes, TerraceError } from '../../base/errors';
import { outputWidth } from '../../base/line-width';
import { selectorPath } from '../../model/select';
import { attributeSources, blockNamed } from '../../synth/explain/attribute-sources';
import { blocksIn, explainer, type Explainer } from '../../synth/explain/explainer';
import type { ObservedBuilder } from '../../synth/explain/observed-builds';
import { settingsNamed, unitSettings, type UnitSetting } from '../../synth/explain/unit-settings';
import { usedBy } from '../../synth/explain/used-by';
import { wayOf } from '../../synth/explain/way-of-setting';
import { withBusyLine } from '../busy-line';
import type { CommandContext } from '../command-context';
import { errorCodeIn, errorNamed, errorText } from '../error-catalogue';
import { observedProject } from '../observed-project';
import { notOneUnit } from '../usage-problems';
import { blockText, settingText, usedByText, withoutPoint } from './explain-text';

export interface ExplainRequest {
  /** A unit, a block of one (`<unit>/aws_vpc.vpc`, or its address alone), or with `usedBy` a part of the tree. */
  readonly target?: string;
  /** A setting, or the address of a block, or its attribute where the target names the block. */
  readonly setting?: string;
  readonly attribute?: string;
  /** The setting whose users are asked for. */
  readonly usedBy?: string;
  readonly json: boolean;
}

/** `terrace explain`. Raises E0014 for a code that there is not, E1206 for a selector of several units, E1207 for an unknown setting, and E1210 for an address that no unit, or several, have. */
export async function runExplain(context: CommandContext, request: ExplainRequest): Promise<void> {
  const code = request.target === undefined ? undefined : errorCodeIn(request.target);
  if (code !== undefined) {
    const known = errorNamed(code);
    process.stdout.write(request.json ? `${JSON.stringify({ version: 1, ...known }, null, 2)}\n` : `${errorText(known, outputWidth())}\n`);
    return;
  }
  const root = context.project();
  const builder = observedProject(root, context.includePlanned);
  const print = (value: object, text: string): void =>
    void process.stdout.write(request.json ? `${JSON.stringify({ version: 1, ...value }, null, 2)}\n` : `${text}\n`);
  if (request.usedBy !== undefined) {
    const name = request.usedBy;
    const found = await withBusyLine(`building again with other values of ${name}`, async () =>
      usedBy(builder, await treeOf(builder, request.target === undefined ? [] : [request.target]), name, root),
    );
    if (found.settings.length === 0) throw unknownSetting(request.target ?? 'every system', name, []);
    print({ setting: name, ...found }, usedByText(name, found));
    return;
  }
  const { unit, address, setting, attribute } = await meant(builder, request);
  const explains = await explainerOf(builder, unit);
  const { region } = explains.base.tree.units.find((one) => one.path === unit) ?? {};
  if (region === undefined) throw notOneUnit(unit, explains.base.tree.selected);
  const settings = unitSettings(explains.base, region, root);
  const block = address === undefined ? undefined : blockNamed(explains, unit, address);
  if (address !== undefined) {
    if (block === undefined) throw unknownAddress(unit, address, [...blocksIn(explains.base, unit).keys()]);
    const sources = await withBusyLine('building again with other values', async () =>
      attributeSources(explains, unit, block, attribute, settings),
    );
    const attributes = sources.attributes.map((one) => ({ ...one, settings: one.settings.map(withoutPoint) }));
    print({ unit, ...sources, attributes }, blockText(unit, sources));
    return;
  }
  if (setting === undefined) {
    print({ unit, settings: settings.map(withoutPoint) }, settings.map((one) => settingText(one)).join('\n'));
    return;
  }
  const wanted = settingsNamed(settings, setting);
  if (wanted.length === 0) throw unknownSetting(unit, setting, settings);
  const ways = await withBusyLine('building again with other values', async () => waysOf(explains, unit, wanted, root));
  print(
    { unit, settings: ways.map(({ setting: one, way }) => ({ ...withoutPoint(one), way })) },
    ways.map(({ setting: one, way }) => settingText(one, way)).join('\n'),
  );
}

async function waysOf(explains: Explainer, unit: string, wanted: readonly UnitSetting[], root: string) {
  const ways = [];
  for (const setting of wanted) {
    const effect = await explains.effectOf(setting.point, setting.value, setting.elsewhere);
    ways.push({ setting, way: wayOf(explains, unit, setting.point, effect, root) });
  }
  return ways;
}

async function treeOf(builder: ObservedBuilder, selectors: readonly string[]) {
  const build = await builder.build(selectors);
  if (build === undefined) throw new Error('what builds without replacements gives a build');
  return build.tree;
}

async function explainerOf(builder: ObservedBuilder, unit: string): Promise<Explainer> {
  const explains = await explainer(builder, [unit]);
  if (explains.base.tree.selected.length !== 1) throw notOneUnit(unit, explains.base.tree.selected);
  return explains;
}

/** What the arguments mean. A unit's path has five segments; what follows, or stands instead with a dot in it, is an address. */
async function meant(
  builder: ObservedBuilder,
  { target = '', setting, attribute }: ExplainRequest,
): Promise<{ readonly unit: string; readonly address?: string; readonly setting?: string; readonly attribute?: string }> {
  const segments = selectorPath(target)
    .replace(/:(?=[a-z_]+\.)/, '/')
    .split('/');
  const unit = segments.slice(0, 5).join('/');
  if (segments.length > 5) return { unit, address: segments.slice(5).join('/'), ...(setting === undefined ? {} : { attribute: setting }) };
  if (segments.length === 1 && isAddress(target)) {
    const found = await unitWith(builder, target);
    return { unit: found, address: target, ...(setting === undefined ? {} : { attribute: setting }) };
  }
  if (setting !== undefined && isAddress(setting)) return { unit, address: setting, ...(attribute === undefined ? {} : { attribute }) };
  return { unit, ...(setting === undefined ? {} : { setting }) };
}

/** `aws_vpc.vpc`, `data.aws_ami.base`, `output.vpc_id`: a setting is written in camel case. */
function isAddress(text: string): boolean {
  return /^(?:data\.)?[a-z][a-z0-9]*(?:_[a-z0-9]+)+\.[\w-]+$|^(?:output|variable|provider|locals|module)\.[\w-]+$/.test(text);
}

/** The one unit that has a block of this address. Raises E1210. */
async function unitWith(builder: ObservedBuilder, address: string): Promise<string> {
  const build = await withBusyLine(`looking for ${address}`, async () => builder.build([]));
  const units = [...(build?.files.keys() ?? [])];
  const explains = build === undefined ? undefined : { base: build };
  const found = units.filter((unit) => explains !== undefined && blockNamed(explains, unit, address) !== undefined);
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  throw new TerraceError(
    {
      code: 'E1210',
      title: 'unknown address',
      place: address,
      found:
        found.length === 0
          ? 'no unit has a block with this address'
          : `${found.length} units have one: ${found.slice(0, 5).join(', ')}${found.length > 5 ? ' …' : ''}`,
      expected: 'the address of one block',
      todo: `name the unit first: terrace explain ${one ?? '<unit>'} ${address}`,
    },
    exitCodes.wrongUsage,
  );
}

function unknownAddress(unit: string, address: string, blocks: readonly string[]): TerraceError {
  return new TerraceError(
    {
      code: 'E1210',
      title: 'unknown address',
      place: unit,
      found: `'${address}'`,
      expected: `one of its ${blocks.length} blocks`,
      todo: `did you mean ${closest(
        address,
        [...blocks].filter((one) => !one.startsWith('output.') || address.startsWith('output.')),
      )}?`,
    },
    exitCodes.wrongUsage,
  );
}

function unknownSetting(place: string, setting: string, settings: readonly UnitSetting[]): TerraceError {
  const names = [...new Set(settings.flatMap((one) => prefixes(one.setting)))];
  return new TerraceError(
    {
      code: 'E1207',
      title: 'unknown setting',
      place,
      found: `'${setting}'`,
      expected: names.filter((name) => !name.includes('.')).join(', ') || 'a setting of root, environment or region',
      todo: names.length === 0 ? `\`terrace explain <unit>\` lists the settings of one` : `did you mean ${closest(setting, names)}?`,
    },
    exitCodes.wrongUsage,
  );
}

/** `a.b.c` → `a`, `a.b`, `a.b.c` */
function prefixes(setting: string): readonly string[] {
  return setting.split('.').map((_, index, words) => words.slice(0, index + 1).join('.'));
}
