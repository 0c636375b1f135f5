import { accountEnvironment } from '../../aws/credentials';
import type { Credentials, UnitModel } from '../../model/model';

/** How one environment's account is reached. */
export interface EnvironmentAccess {
  readonly stateAccount: string;
  readonly credentials: Credentials;
}

/** The variables of terraform processes and AWS clients, per unit's environment. */
export interface Accounts {
  environmentFor(unit: Pick<UnitModel, 'system' | 'environment' | 'backend'>, access: EnvironmentAccess): Promise<NodeJS.ProcessEnv>;
}

/**
 * Accounts reached from a shell's variables. Each environment's account is compared with `GetCallerIdentity` before the first read;
 * units that ask at the same time share one question.
 */
export function accountsFrom(env: NodeJS.ProcessEnv): Accounts {
  const asked = new Map<string, { readonly at: number; readonly answer: Promise<NodeJS.ProcessEnv> }>();
  return {
    environmentFor({ system, environment, backend }, access) {
      // An environment may have had another account before: its states are read there with that one's credentials.
      const name = JSON.stringify([system, environment, backend.region, access]);
      const known = asked.get(name);
      // Within this time the answer cannot have expired: credentials.ts renews half an hour before the end.
      if (known !== undefined && Date.now() - known.at < 60_000) return known.answer;
      const account =
        access.credentials.kind === 'role'
          ? (/:(\d{12}):/.exec(access.credentials.roleArn)?.[1] ?? access.stateAccount)
          : access.stateAccount;
      const answer = accountEnvironment(
        { environment: `${system}/${environment}`, account, credentials: access.credentials, region: backend.region },
        env,
      );
      asked.set(name, { at: Date.now(), answer });
      answer.catch(() => asked.delete(name));
      return answer;
    },
  };
}
