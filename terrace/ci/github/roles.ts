import type { SystemDelivery } from '../delivery';

import { jobTrust } from './trust';

export const rolesFile = 'ci/roles.json';

/**
 * The trust that each role of the pipelines asks for, as JSON: a role that no unit of the tree makes is made with it by an administrator
 * (`aws iam create-role --assume-role-policy-document`), and a role of the tree asks for the same. A role that serves several places is
 * trusted from each of them.
 */
export function rolesText(systems: readonly SystemDelivery[]): string {
  const roles = new Map<
    string,
    { readonly system: string; readonly subjects: Set<string>; readonly claims: Readonly<Record<string, string>> }
  >();
  for (const { system, repository, branch, environments } of systems)
    for (const environment of environments)
      for (const [role, place] of [
        [environment.roles.plan, environment.places.plan],
        [environment.roles.plan, environment.places.planProtected],
        [environment.roles.apply, environment.places.apply],
      ] as const) {
        const { subjects, claims } = jobTrust(repository, place, branch);
        const known = roles.get(role) ?? { system, subjects: new Set<string>(), claims };
        for (const subject of subjects) known.subjects.add(subject);
        roles.set(role, known);
      }
  const entries = [...roles].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(
    {
      version: 1,
      roles: Object.fromEntries(
        entries.map(([role, { system, subjects, claims }]) => [
          role,
          { system, trust: trustPolicy(role, [...subjects].toSorted(), claims) },
        ]),
      ),
    },
    null,
    2,
  )}\n`;
}

const issuer = 'token.actions.githubusercontent.com';

/** A trust policy of IAM. */
function trustPolicy(role: string, subjects: readonly string[], claims: Readonly<Record<string, string>>): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: `arn:aws:iam::${role.split(':')[4] ?? ''}:oidc-provider/${issuer}` },
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: 'sts.amazonaws.com',
            [`${issuer}:sub`]: subjects,
            ...Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${issuer}:${name}`, value])),
          },
        },
      },
    ],
  };
}
