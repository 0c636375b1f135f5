import { quantity } from '../../base/plural';
import { failed } from '../problems';
import type { AffectedReport } from './affected';
import { infrastructureFiles } from './watched-files';

/** E6028 where nothing is affected although files changed that units are made of. */
export function refuseEmpty(report: AffectedReport, allowed: boolean): void {
  const changed = infrastructureFiles(report.changedFiles);
  if (report.units.length > 0 || changed.length === 0 || allowed) return;
  throw failed('E6028', {
    found: `no unit differs, although ${quantity(changed.length, 'file')} that units are made from changed:\n${changed
      .slice(0, 10)
      .map((file) => `  ${file}`)
      .join('\n')}${changed.length > 10 ? `\n  and ${changed.length - 10} more` : ''}`,
    todo: 'if that is intended (a comment, a test value), add --allow-empty',
  });
}
