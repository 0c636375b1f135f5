/** Variables of a host or a group. */
export interface Variables {
  readonly [name: string]: unknown;
}

/** An inventory in the form that Ansible expects of a script's `--list`. */
export interface Inventory {
  readonly _meta: { readonly hostvars: Readonly<Record<string, Variables>> };
  readonly all: { readonly children: readonly string[]; readonly vars: Variables };
  readonly [group: string]: unknown;
}

export interface InventoryProps {
  readonly hosts: Readonly<Record<string, Variables>>;
  /** Variables of all hosts. */
  readonly vars: Variables;
  /** Names of hosts by group. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** The inventory of hosts in groups. */
export function inventory({ hosts, vars, groups }: InventoryProps): Inventory {
  return {
    _meta: { hostvars: hosts },
    all: { children: Object.keys(groups), vars },
    ...Object.fromEntries(Object.entries(groups).map(([group, names]) => [group, { hosts: names }])),
  };
}

/** How Ansible reaches a host behind another one. */
export function throughHost(login: string, address: string): Variables {
  return { ansible_ssh_common_args: `-o ProxyJump=${login}@${address}` };
}

/** An inventory in the form of a file that Ansible reads by itself. */
export interface StaticInventory {
  readonly all: {
    readonly vars: Variables;
    readonly children: Readonly<Record<string, { readonly hosts: Readonly<Record<string, Variables>> }>>;
  };
}

/** The same hosts in the same groups, for a file. */
export function staticInventory({ hosts, vars, groups }: InventoryProps): StaticInventory {
  return {
    all: {
      vars,
      children: Object.fromEntries(
        Object.entries(groups).map(([group, names]) => [
          group,
          { hosts: Object.fromEntries(names.map((name) => [name, hosts[name] ?? {}])) },
        ]),
      ),
    },
  };
}
