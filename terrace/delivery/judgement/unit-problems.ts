import type { Problem } from '../../base/errors';
import { problem } from '../problems';

import { hclFiles } from './hcl-files';
import { judgeUnit, type JudgedUnit } from './judge-unit';

/** The judgement of a unit's files as a problem (E6062); none where terraform may be started. */
export async function unitProblems(judged: Omit<JudgedUnit, 'hcl'>): Promise<readonly Problem[]> {
  const found = judgeUnit({ ...judged, hcl: await hclFiles(judged.files) });
  if (found.length === 0) return [];
  return [
    problem('E6062', {
      place: judged.unit.path,
      found: found.slice(0, 20).join('\n'),
      todo: 'change the source; docs/security.md says what a unit may do, and how to allow an address or a program',
    }),
  ];
}
