/** What the facts of an environment let its terraform have besides its own. */
export interface Grants {
  /** Account, subscription or project of the environment. @default not known */
  readonly account?: string;
  /** Variables of the shell, and files below its home. */
  readonly pass: { readonly variables: readonly string[]; readonly files: readonly string[] };
  /** Addresses that providers may be pointed at, by provider (`hashicorp/helm`). */
  readonly addresses: { readonly [provider: string]: readonly string[] };
}

/** What a unit's environment is granted. */
export type GrantsOf = (unit: { readonly system: string; readonly environment: string }) => Grants;

const none: Grants = { pass: { variables: [], files: [] }, addresses: {} };

/** Nothing, whatever the environment. */
export const noGrants: GrantsOf = () => none;

/** Those of facts by `<system>/<environment>`; nothing for an environment that they do not know. */
export function grantsFrom(facts: { readonly [environment: string]: Grants }): GrantsOf {
  return ({ system, environment }) => {
    const name = `${system}/${environment}`;
    return Object.hasOwn(facts, name) ? (facts[name] ?? none) : none;
  };
}

/** What of them says where a unit's providers may go. */
export function placesOf({ account, addresses }: Grants): Pick<Grants, 'account' | 'addresses'> {
  return { addresses, ...(account === undefined ? {} : { account }) };
}
