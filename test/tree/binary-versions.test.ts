import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';
import { ValidateBinaryVersion } from 'cdktf/lib/validations/validate-binary-version';

import { askVersionsOnce } from '../../terrace/tree/binary-versions';
import { inTemporaryFolder } from '../_helpers/demo-project';

test('a program is asked for its version once, and each constraint gets its own answer', () =>
  inTemporaryFolder((folder) => {
    const program = path.join(folder, 'program');
    writeFileSync(program, `#!/bin/sh\necho asked >> '${folder}/calls'\necho 'v1.5.7'\n`);
    chmodSync(program, 0o755);
    askVersionsOnce();
    askVersionsOnce();
    const validation = (constraint: string): readonly string[] =>
      new ValidateBinaryVersion('program', constraint, program, 'Get it.').validate();
    expect([validation('>=1.4.0'), validation('>=1.4.0')]).toEqual([[], []]);
    const refused = ['program version 1.5.7 is lower than the required version >=1.6.0 for this construct. Get it.'];
    expect([validation('>=1.6.0'), validation('>=1.6.0')]).toEqual([refused, refused]);
    expect(readFileSync(path.join(folder, 'calls'), 'utf8')).toBe('asked\nasked\n');
  }));
