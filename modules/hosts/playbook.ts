import { stringify } from 'yaml';

/** One play: some hosts, and roles in the order in which they run. */
export interface Play<Group extends string = string, Role extends string = string> {
  readonly name: string;
  readonly hosts: 'all' | Group;
  readonly roles: readonly { readonly role: Role; readonly tasks?: string }[];
  /** How many hosts at once; absent for all. */
  readonly serial?: number;
  /** By which it is run, or left out, alone. @default none */
  readonly tags?: readonly string[];
}

export interface Playbook<Group extends string = string, Role extends string = string, Name extends string = string> {
  /** Playbooks that run before its own plays. */
  readonly imports: readonly Name[];
  readonly plays: readonly Play<Group, Role>[];
}

/** The text of a playbook. A play of roles of which one runs other tasks than `main` imports each role by a task. */
export function renderPlaybook({ imports, plays }: Playbook): string {
  const document = [
    ...imports.map((imported) => ({ name: `Run ${imported}`, 'ansible.builtin.import_playbook': `${imported}.yml` })),
    ...plays.map(({ name: title, hosts, serial, tags, roles }) => ({
      name: title,
      hosts,
      become: true,
      ...(serial === undefined ? {} : { serial }),
      ...(tags === undefined ? {} : { tags }),
      ...(roles.every(({ tasks }) => tasks === undefined)
        ? { roles: roles.map(({ role }) => ({ role })) }
        : {
            tasks: roles.map(({ role, tasks = 'main' }) => ({
              name: `Run ${tasks} of ${role}`,
              'ansible.builtin.import_role': { name: role, tasks_from: tasks },
            })),
          }),
    })),
  ];
  return `---\n${stringify(document, { lineWidth: 0, indentSeq: true, version: '1.1' })}`;
}
