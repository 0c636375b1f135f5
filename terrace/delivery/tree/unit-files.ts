import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { UnitFiles } from '../../model/content-digest';
import { failed, refused } from '../problems';

/** What terraform, Terragrunt and people leave in a unit's folder and no synthesis writes. */
const leftBehind =
  /^(\.terraform(?!\.lock\.hcl$).*|\.terragrunt-cache|errored\.tfstate|crash\.log|\.DS_Store|.*\.tfstate(\.backup)?|.*\.tfplan|tfplan)$/;

/** Other names under which terraform would read configuration or values. */
const readByTerraform = /^(.*\.tf|.*\.tofu|.*\.tf\.json|.*\.tofu\.json|terraform\.tfvars(\.json)?|.*\.auto\.tfvars(\.json)?)$/;

/**
 * All files of a unit's folder that a synthesis writes. Raises E6038 where there is no `main.tf.json`, E6025 for a file that terraform
 * would read and nobody synthesized, or a link: neither may become part of a plan unseen.
 */
export function readUnitFiles(tree: string, unit: string): UnitFiles {
  const folder = path.join(tree, ...unit.split('/'));
  const files = new Map<string, Uint8Array>();
  const foreign: string[] = [];
  const walk = (below: string): void => {
    for (const name of readdirSync(path.join(folder, below)).toSorted()) {
      if (below === '' && leftBehind.test(name)) continue;
      const relative = below === '' ? name : `${below}/${name}`;
      const stat = lstatSync(path.join(folder, relative));
      if (stat.isDirectory()) walk(relative);
      else if (!stat.isFile() || (below === '' && name !== 'main.tf.json' && readByTerraform.test(name))) foreign.push(relative);
      else files.set(relative, readFileSync(path.join(folder, relative)));
    }
  };
  try {
    walk('');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
  }
  if (foreign.length > 0)
    throw refused('E6025', {
      place: unit,
      found: foreign.join(', '),
      expected: 'only files that the synthesis wrote',
      todo: 'move these files out of the way, or make them part of the source',
    });
  if (!files.has('main.tf.json'))
    throw failed('E6038', {
      place: folder,
      found:
        'no main.tf.json, although synth.json beside the systems names the unit: it was written by another branch or by an interrupted synthesis',
      todo: 'run `terrace synth` first',
    });
  return files;
}
