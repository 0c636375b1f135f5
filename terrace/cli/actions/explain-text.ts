import type { BlockSources } from '../../synth/explain/attribute-sources';
import type { UnitSetting } from '../../synth/explain/unit-settings';
import type { UsedBy } from '../../synth/explain/used-by';
import type { SettingWay } from '../../synth/explain/way-of-setting';

/** Lines of one kind that are shown; --json has all. */
const mostLines = 12;

/** A setting as it is printed as JSON. */
export function withoutPoint({ point: _point, elsewhere: _elsewhere, ...setting }: UnitSetting): Omit<UnitSetting, 'point' | 'elsewhere'> {
  return setting;
}

/** A setting, what it overrode, and its way to terraform where it was followed. */
export function settingText(one: UnitSetting, way?: SettingWay): string {
  return [
    `${one.setting} = ${JSON.stringify(one.value)}`,
    `  ${placeText(one)}`,
    ...one.overrides.map((other) => `  overrides ${JSON.stringify(other.value)} of the ${other.level}  ${other.file}:${other.line}`),
    ...(way === undefined ? [] : wayLines(way)),
  ].join('\n');
}

function placeText({ level, file, line, computed }: Pick<UnitSetting, 'level' | 'file' | 'line' | 'computed'>): string {
  return `${level}  ${file}:${line}${computed ? ' (computed there)' : ''}`;
}

function wayLines(way: SettingWay): readonly string[] {
  const attributes = way.attributes.map(
    ({ block, attribute, value }) => `  attribute  ${block}${attribute === '' ? '' : ` ${attribute} = ${JSON.stringify(value)}`}`,
  );
  return [
    ...way.functions.map(({ name, file, line }) => `  function  ${name === undefined ? '' : `${name}()  `}${file}:${line}`),
    ...way.arguments.map(({ place, text }) => `  argument  ${place}  ${text}`),
    ...capped(attributes),
    ...(way.untried ? ['  attribute  unknown: the source does not build with another value'] : []),
    ...(way.attributes.length === 0 && !way.untried ? ['  attribute  none of this unit'] : []),
  ];
}

/** A block, attribute by attribute, each with the settings that decide it; of many, those that no setting decides stand together. */
export function blockText(unit: string, { block, made, attributes }: BlockSources): string {
  const known = attributes.filter((one) => attributes.length === 1 || one.settings.length > 0 || one.outputs.length > 0);
  const others = attributes.filter((one) => !known.includes(one)).map(({ attribute }) => attribute);
  return [
    `${unit}  ${block}`,
    ...(made.length === 0 ? [] : [`  made at ${made.join(' by ')}`]),
    ...known.flatMap(({ attribute, value, settings, outputs }) => [
      `${attribute === '' ? block : attribute} = ${shortened(JSON.stringify(value) ?? 'nothing')}`,
      ...settings.map((one) => `  ${one.setting} = ${JSON.stringify(one.value)}  ${placeText(one)}`),
      ...outputs.map((one) => `  output ${one.output} of ${one.unit}`),
      ...(settings.length === 0 && outputs.length === 0 ? [`  no setting: ${made[0] ?? 'the source of the unit'}`] : []),
    ]),
    ...(others.length === 0 ? [] : [`no setting decides ${others.join(', ')}`]),
  ].join('\n');
}

/** The units and attributes that a setting decides. */
export function usedByText(name: string, { units, untried }: UsedBy): string {
  return [
    ...units.flatMap(({ unit, settings }) => [
      unit,
      ...settings.flatMap(({ setting, attributes }) =>
        capped(attributes.map((one) => `  ${setting === name ? '' : `${setting}  `}${one}`)),
      ),
    ]),
    ...untried.map((one) => `unknown for ${one}: the source does not build with another value`),
    `${name} is used by ${units.length} unit${units.length === 1 ? '' : 's'}`,
  ].join('\n');
}

function capped(lines: readonly string[]): readonly string[] {
  return lines.length <= mostLines
    ? lines
    : [...lines.slice(0, mostLines), `  and ${lines.length - mostLines} more (all of them with --json)`];
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
