import { readFileSync } from 'node:fs';

import { sha256 } from '../../base/canonical';
import type { MockedOutput } from '../bundle/bundle';
import { failed } from '../problems';
import type { PlanTarget } from '../target/plan-target';
import type { Workspace } from '../terraform/workspace';

/** The files that terraform planned are the ones that travel: init must not have rewritten them (E6035). */
export function refuseChangedFiles(target: PlanTarget, workspace: Workspace, mocks: readonly MockedOutput[]): void {
  for (const [name, content] of target.files) {
    if (mocks.length > 0 && name === 'main.tf.json') continue;
    if (sha256(readFileSync(workspace.file(name))) !== sha256(content)) {
      throw failed('E6035', {
        place: target.unit.path,
        found: `terraform init changed ${name}`,
        todo: name === '.terraform.lock.hcl' ? 'the lock file lacks this platform or version: terrace providers lock' : 'plan again',
      });
    }
  }
}
