import type { ApprovalPolicy, EnvironmentPolicy } from './approval-rules';

/** Whose login it is; logins know no upper case. */
export function identityOf(login: string, { logins = {} }: ApprovalPolicy): string | undefined {
  return Object.entries(logins).find(([name]) => same(name, login))?.[1];
}

/** Who made a change, and the rules that know whose login is whose. */
export interface Change {
  readonly authors: readonly string[];
  readonly policy: ApprovalPolicy;
}

/** The address that GitHub gives whoever hides theirs, which names the login. */
const hiddenAddress = /^(?:\d+\+)?([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)@users\.noreply\.github\.com$/i;

/** True for an author of the change, where the rules let none approve; also for one whose address GitHub hid. */
export function isOwn(identity: string, rules: EnvironmentPolicy, { authors, policy }: Change): boolean {
  if (rules.ownChange === true) return false;
  return authors.some((author) => {
    const login = hiddenAddress.exec(author)?.[1];
    return same(author, identity) || (login !== undefined && same(identityOf(login, policy) ?? '', identity));
  });
}

/** True for one identity or login written twice: neither knows upper case. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
