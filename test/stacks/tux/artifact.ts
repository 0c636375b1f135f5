import { parse, parseAllDocuments } from 'yaml';

import { at, type Json, type TuxTree } from './tux-tree';

/** Runs a check in each environment. */
export const both = (check: (environment: 'production' | 'staging') => readonly string[]): readonly string[] =>
  (['production', 'staging'] as const).flatMap(check);

/** Text below an environment's `artifacts/`; empty where there is none. */
export const artifact = (tree: TuxTree, environment: string, file: string): string => tree.files[`${environment}/artifacts/${file}`] ?? '';

/** The same as data, read as Ansible reads it. */
export const yaml = (tree: TuxTree, environment: string, file: string): Json =>
  (parse(artifact(tree, environment, file), { version: '1.1' }) ?? {}) as Json;

/** The containers of a role's hosts. */
export const containers = (tree: TuxTree, environment: string, role: string): Json =>
  at<Json>(yaml(tree, environment, `ansible/roles/tux/files/${role}/compose.yml`), 'services') ?? {};

/** What a playbook imports and which roles its plays run. */
export function edges(tree: TuxTree, environment: string, name: string): readonly string[] {
  const plays = parseAllDocuments(artifact(tree, environment, `ansible/playbooks/${name}.yml`)).flatMap(
    (document) => (document.toJS() ?? []) as Json[],
  );
  const named = plays.flatMap((play) => [
    play['ansible.builtin.import_playbook'],
    ...(at<Json[]>(play, 'roles') ?? []).map((role) => role['role']),
    ...(at<Json[]>(play, 'tasks') ?? []).map((task) => at(task, 'ansible.builtin.import_role', 'name')),
  ]);
  return [...new Set(named.filter((one) => typeof one === 'string'))].sort();
}
