import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError, type Problem } from '../base/errors';
import { parsePolicy, policyFile } from '../delivery/approval/approval-rules';

import { pinFile, readPin } from './pin';

export const recipientsFile = 'ci/recipients.txt';

/**
 * What a work tree lacks before its pipelines can plan and apply: the pinned program, who may open plans, who approves. None of them can be
 * generated: a commit cannot hold the digest of its own program, and keys are a team's. Empty where everything is there.
 */
export async function setUpProblems(root: string): Promise<readonly Problem[]> {
  return [...pinProblems(root), ...recipientProblems(root), ...(await ruleProblems(root))];
}

function missing(place: string, found: string, todo: string): Problem {
  return { code: 'E0506', title: 'pipeline is not set up', place, found, todo };
}

function pinProblems(root: string): readonly Problem[] {
  return raised(() => {
    if (readPin(root) === undefined)
      throw new TerraceError(missing(pinFile, 'no program is pinned to plan and apply with', 'run `terrace ci pin`, then commit the file'));
  });
}

function recipientProblems(root: string): readonly Problem[] {
  const file = path.join(root, recipientsFile);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : [];
  if (lines.some((line) => /^age1[a-z0-9]+$/.test(line.trim()))) return [];
  return [
    missing(
      recipientsFile,
      'it names no recipient that plans can be encrypted to',
      'run `terrace keygen --age` for each environment: put the recipient (age1…) into this file and the identity into the secret TERRACE_AGE_IDENTITY',
    ),
  ];
}

async function ruleProblems(root: string): Promise<readonly Problem[]> {
  const file = path.join(root, policyFile);
  const todo = 'name approvers, their keys or logins, and the keys of the environments; docs/examples/terrace.approvals.json is an example';
  if (!existsSync(file)) return [missing(policyFile, 'nobody may approve anything', todo)];
  const { environments } = await parsePolicy(readFileSync(file, 'utf8'), policyFile);
  return Object.values(environments).every(({ approvers }) => approvers.length === 0)
    ? [missing(policyFile, 'it names no approver', todo)]
    : [];
}

function raised(run: () => void): readonly Problem[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof TerraceError) return error.problems;
    throw error;
  }
}
