/** One environment that a bundle reaches. */
export interface ReviewedPlace {
  readonly system: string;
  readonly environment: string;
  /** Sorted. */
  readonly regions: readonly string[];
  /** Account, subscription or project; undefined where nothing says it. */
  readonly account?: string;
  /** True where the environment calls itself `protected`. */
  readonly protected: boolean;
}

/** What the facts say of environments, by `<system>/<environment>`. */
export type PlaceFacts = Readonly<Record<string, { readonly account: string; readonly protected: boolean }>>;

/** The environments of the units, protected ones first, then by name. `accounts` gives the account of a unit's state where facts are missing. */
export function placesOf(
  units: readonly { readonly path: string; readonly system: string; readonly environment: string; readonly region: string }[],
  accounts: ReadonlyMap<string, string>,
  facts: PlaceFacts,
): readonly ReviewedPlace[] {
  const names = [...new Set(units.map(({ system, environment }) => `${system}/${environment}`))].toSorted();
  return names
    .map((name): ReviewedPlace => {
      const own = units.filter(({ system, environment }) => `${system}/${environment}` === name);
      const [system = '', environment = ''] = name.split('/');
      const known = Object.hasOwn(facts, name) ? facts[name] : undefined;
      const account = known?.account ?? own.flatMap(({ path }) => accounts.get(path) ?? [])[0];
      return {
        system,
        environment,
        regions: [...new Set(own.map(({ region }) => region))].toSorted(),
        ...(account === undefined ? {} : { account }),
        protected: known?.protected === true,
      };
    })
    .toSorted((a, b) => Number(b.protected) - Number(a.protected));
}
