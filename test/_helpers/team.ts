import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { setUpAccepted, type AcceptedSet } from '../../terrace/delivery/accepted/set-accepted';
import { parseAccepted, type AcceptedCommit } from '../../terrace/delivery/accepted/accepted-commit';
import { factsAt, factsOf, standingAccepted, type AcceptedSearch } from '../../terrace/delivery/accepted/find-accepted';
import { newSigningKey, type SigningKey } from '../../terrace/delivery/approval/keys';
import type { ApprovalPolicy, EnvironmentPolicy } from '../../terrace/delivery/approval/approval-rules';
import { newAgeKey } from '../../terrace/delivery/bundle/age';
import { accountsFrom } from '../../terrace/delivery/terraform/accounts';
import { openRepository } from '../../terrace/git/repository';
import { awsAccepted } from '../../terrace/state/accepted-object';

import { labProject, type LabProject } from './lab-project';
import type { Lab } from './lab-types';
import { succeeded, type Outcome } from './scratch-project';

export type Person = 'ana' | 'bob' | 'cem' | 'eve';

/** A project with people, rules and keys, outside of the sandbox as far as the delivery can tell: only its addresses are the sandbox's. */
export interface Team extends LabProject {
  readonly keys: { readonly [person in Person]: SigningKey };
  /** The shell of who plans and applies. */
  readonly shell: NodeJS.ProcessEnv;
  /** A file of the project. */
  file(name: string, content: string): void;
  /** Writes the rules: who may approve in which environment. */
  rules(environments: { readonly [environment: string]: Partial<EnvironmentPolicy> }, people?: readonly Person[]): void;
  /** Synthesizes the facts and commits everything as somebody; gives the commit. */
  save(message: string, author?: string): Promise<string>;
  /** As `terrace backend bootstrap` does once buckets stand. @param env whose credentials; the shell's own where it is not given */
  setUp(environment: string, env?: NodeJS.ProcessEnv): Promise<AcceptedSet>;
  /** What an environment accepts. */
  accepted(environment: string, env?: NodeJS.ProcessEnv): Promise<AcceptedCommit>;
  go(...args: readonly string[]): Promise<Outcome>;
  plan(selector: string, ...flags: readonly string[]): Promise<Outcome & { readonly place: string }>;
  approve(place: string, ...people: readonly Person[]): Promise<void>;
  apply(place: string): Promise<Outcome>;
  verify(place: string): Promise<Outcome>;
}

/** Makes the project; its first commit holds the lab and the rules. */
export async function team(lab: Lab): Promise<Team> {
  const project = await labProject(lab);
  const { root } = project;
  const shell: NodeJS.ProcessEnv = Object.fromEntries(
    Object.entries({ ...project.env, TERRACE_CREDENTIALS: 'ambient' }).filter(([name]) => name !== 'TERRACE_SANDBOX'),
  );
  const keys = { ana: newSigningKey(), bob: newSigningKey(), cem: newSigningKey(), eve: newSigningKey() };
  const age = await newAgeKey();
  const secret = (name: string): string => path.join(root, '.terrace', name);
  const file: Team['file'] = (name, content) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  };
  for (const [name, key] of Object.entries(keys)) file(path.join('.terrace', `${name}.pem`), key.privatePem);
  file(path.join('.terrace', 'age.key'), `${age.identity}\n`);
  const go: Team['go'] = (...args) => project.terrace(args, shell);
  const search = (env: NodeJS.ProcessEnv): AcceptedSearch => {
    const repository = openRepository(root);
    if (repository === undefined) throw new Error('no repository');
    return { repository, branch: { name: 'main', commit: repository.commitOf('main') }, accounts: accountsFrom(env), store: awsAccepted };
  };
  let plans = 0;
  return {
    ...project,
    keys,
    shell,
    file,
    go,
    rules: (environments, people = ['ana', 'bob', 'cem']) => {
      const policy: ApprovalPolicy = {
        version: 1,
        keys: people.map((person) => ({ identity: `${person}@example.com`, publicKey: keys[person].publicPem })),
        environments: Object.fromEntries(
          Object.entries(environments).map(([name, rules]) => [
            name,
            { approvals: 1, approvers: people.map((person) => `${person}@example.com`), ...rules },
          ]),
        ),
      };
      file('terrace.approvals.json', `${JSON.stringify(policy, null, 2)}\n`);
    },
    save: async (message, author = 'dan') => {
      succeeded(await go('synth'));
      project.git('add', '--all');
      project.git('commit', '--quiet', '--allow-empty', '--author', `${author} <${author}@example.com>`, '--message', message);
      return project.git('rev-parse', 'HEAD');
    },
    setUp: (environment, env = shell) => setUpAccepted(environment, search(env), new Date()),
    accepted: async (environment, env = shell) => {
      const { repository, branch, accounts, store } = search(env);
      const facts = factsOf(await factsAt(repository, branch.commit), environment);
      const found = facts === undefined ? undefined : await standingAccepted(environment, facts, { accounts, store });
      if (found === undefined) throw new Error(`nothing is accepted in ${environment}`);
      return parseAccepted(found.standing.text, environment, environment);
    },
    plan: async (selector, ...flags) => {
      const place = path.join(root, '.terrace', `bundle-${++plans}`);
      const outcome = await go('plan', selector, '--base', 'main', '--recipient', age.recipient, '--out', place, ...flags);
      return { ...outcome, place };
    },
    approve: async (place, ...people) => {
      for (const person of people) succeeded(await go('approve', place, '--key', secret(`${person}.pem`), '--policy-ref', 'main'));
    },
    apply: (place) => go('apply', place, '--policy-ref', 'main', '--identity', secret('age.key')),
    verify: (place) => go('verify', place, '--policy-ref', 'main'),
  };
}
