import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { project } from '../../main';
import { parseEnvironments } from '../../terrace/delivery/approval/environment-facts';
import { unitProblems } from '../../terrace/delivery/judgement/unit-problems';
import { grantsFrom } from '../../terrace/delivery/terraform/grants';
import { readUnitFiles } from '../../terrace/delivery/tree/unit-files';
import { synthesizeProject } from '../../terrace/synth/synthesize';
import { projectRoot } from '../_helpers/project-root';
import { temporaryFolder } from '../_helpers/sandbox';

let out: string;
beforeAll(() => {
  out = temporaryFolder('terrace-judged-');
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

test('nothing in any unit of any system keeps terraform from being started: what the judgement refuses no system does', async () => {
  const options = { root: projectRoot, selectors: [], out, commit: null, dirty: false, includePlanned: true };
  const { model } = await synthesizeProject(project, options);
  const facts = await parseEnvironments(readFileSync(path.join(projectRoot, 'terrace.environments.json'), 'utf8'), 'facts');
  const grants = grantsFrom(facts.environments);
  const found = await Promise.all(
    model.units.map((unit) =>
      unitProblems({ unit, files: readUnitFiles(out, unit.path), provisioners: false, addresses: grants(unit).addresses }),
    ),
  );
  expect(model.units.length).toBeGreaterThan(200);
  expect(found.flat()).toEqual([]);
}, 300_000);
