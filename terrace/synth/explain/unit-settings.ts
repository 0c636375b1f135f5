import type { Explanation } from '../../tree/explain';
import type { SettingPoint } from '../../tree/observed-values';
import type { Region } from '../../tree/region';
import { envcommonPlace } from './envcommon-place';
import type { ObservedBuild } from './observed-builds';
import { pointOf, settingsOf, valuesElsewhere } from './setting-levels';

/** A setting of a unit, with where it is observed and what stands in its place elsewhere. */
export interface UnitSetting extends Explanation {
  readonly point: SettingPoint;
  readonly elsewhere: readonly unknown[];
}

/**
 * The settings of a unit: those of its levels, and what functions of envcommon give beside them, `database().backupWindow`, as far as the unit's build read
 * it. What such a function only passes on from a level is the level's.
 */
export function unitSettings(build: ObservedBuild, region: Region, root: string): readonly UnitSetting[] {
  const levels = settingsOf(region, root).map((one) => {
    const point = pointOf(region, one);
    return { ...one, point, elsewhere: valuesElsewhere(region, point) };
  });
  const written = new Set(levels.map(({ setting }) => setting.slice(setting.lastIndexOf('.') + 1)));
  const given = new Map<string, UnitSetting>();
  for (const { point, value } of build.reads) {
    if (point.level !== 'envcommon' || written.has(point.setting.slice(point.setting.lastIndexOf('.') + 1))) continue;
    const { file, line, name } = envcommonPlace(root, point.place, point.setting);
    const setting = name === undefined ? point.setting : `${name}()${point.setting === '' ? '' : `.${point.setting}`}`;
    given.set(setting, { setting, value, level: 'envcommon', file, line, computed: false, overrides: [], point, elsewhere: [] });
  }
  return [...levels, ...[...given.values()].sort((a, b) => (a.setting < b.setting ? -1 : 1))];
}

/** The settings at or below a dotted path; `database.backupWindow` names `database().backupWindow` as well. */
export function settingsNamed<S extends Pick<Explanation, 'setting'>>(settings: readonly S[], name: string): readonly S[] {
  return settings.filter(({ setting }) => {
    const plain = setting.replace('()', '');
    return [setting, plain].some((one) => one === name || one.startsWith(`${name}.`));
  });
}
