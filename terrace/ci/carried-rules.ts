import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError, type Problem } from '../base/errors';
import { environmentPolicy, parsePolicy, policyFile, type ApprovalPolicy } from '../delivery/approval/approval-rules';

import { mostGates, type EnvironmentDelivery, type SystemDelivery } from './delivery';

/** Raises E0501 for approval rules of the project that gates could never satisfy; nothing where it has none yet. Raises E6013. */
export async function refuseRulesThatGatesCannotCarry(root: string, systems: readonly SystemDelivery[]): Promise<void> {
  const file = path.join(root, policyFile);
  if (!existsSync(file)) return;
  const policy = await parsePolicy(readFileSync(file, 'utf8'), policyFile);
  const problems = systems.flatMap((system) => carriedProblems(system, policy));
  if (problems.length > 0) throw new TerraceError(problems);
}

/**
 * What rules ask for that a run's gates cannot carry: each gate is one person, counted by the login that opened it, on the word of a key
 * that the rules name. An environment whose rules name nobody yet is left alone: nothing can be applied there.
 */
export function carriedProblems({ system, environments }: SystemDelivery, policy: ApprovalPolicy): readonly Problem[] {
  return environments.flatMap((environment) => {
    const rules = environmentPolicy(policy, system, environment.name);
    if (rules === undefined || rules.approvers.length === 0) return [];
    const { approvals, approvers, gateKeys = [], secondApproverFindings = [] } = rules;
    const wrong = (found: string, todo: string): Problem => problemOf(system, environment, found, todo);
    const persons = approvers.filter((one) => Object.values(policy.logins ?? {}).some((identity) => same(identity, one)));
    const engines = approvers.filter((one) => policy.keys.some(({ identity }) => same(identity, one)) && !persons.includes(one));
    const usual = environment.approvals === 0 ? 1 : environment.approvals;
    // Findings that ask for one person more have to find that person.
    const asked = environment.approvals === 0 ? 0 : approvals;
    const most = asked + (secondApproverFindings.length === 0 ? 0 : 1);
    return [
      ...(approvals === usual
        ? []
        : [wrong(`approvals is ${approvals} in the rules and ${environment.approvals} in ci`, `set ci.approvals to ${approvals}`)]),
      ...(approvals + 1 > mostGates
        ? [wrong(`the rules ask for ${approvals} approvals, and one more for a finding`, `ask for at most ${mostGates - 1}`)]
        : []),
      ...(environment.approvals === 0 && engines.length === 0
        ? [
            wrong(
              'it is applied without asking anybody, and no approver is a signing key',
              'name the identity of its signing key as an approver',
            ),
          ]
        : []),
      ...(most > 0 && gateKeys.length === 0
        ? [wrong('the rules name no gateKeys: no key can vouch for its gates', 'name the identity of its signing key in gateKeys')]
        : []),
      ...(persons.length < most
        ? [
            wrong(
              `${persons.length} of its approvers have a login, but ${most} have to approve${most > asked ? ' the findings in secondApproverFindings' : ''}`,
              'add their logins to logins',
            ),
          ]
        : []),
    ];
  });
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function problemOf(system: string, { name }: EnvironmentDelivery, found: string, todo: string): Problem {
  return {
    code: 'E0501',
    title: 'pipeline cannot be made',
    place: `${policyFile}: ${system}/${name}`,
    found,
    expected: 'rules that the gates can satisfy',
    todo,
  };
}
