import { stringify } from 'yaml';

import { playbooks, type PlaybookName } from '../topology/automation';

/** The text of a playbook. */
export function renderPlaybook(name: PlaybookName): string {
  const { imports, plays } = playbooks[name];
  const document = [
    ...imports.map((imported) => ({ name: `Run ${imported}`, 'ansible.builtin.import_playbook': `${imported}.yml` })),
    ...plays.map(({ name: title, hosts, serial, roles }) => ({
      name: title,
      hosts,
      become: true,
      ...(serial === undefined ? {} : { serial }),
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
