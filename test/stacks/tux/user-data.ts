import { parse } from 'yaml';

import { parseNftables, type Ruleset } from '../../_helpers/nftables';
import { at, resources, type Json, type TuxTree } from './tux-tree';

/** Networks that the tests' administrators log in from. */
export const administrators = ['198.51.100.0/24', '2001:db8:ad::/48'];

/** The user data of every server of an environment, by the server's name, with its variables filled in. */
export function userData(tree: TuxTree, environment: string): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    resources(tree, environment, 'hcloud_server').map(({ body }) => [
      String(body['name']),
      parse(filled(String(body['user_data'])), { version: '1.1' }) as Json,
    ]),
  );
}

/** What terraform makes of the template in a bastion's user data. */
export function filled(text: string): string {
  const statements = administrators.map((cidr) => `${cidr.includes(':') ? 'ip6' : 'ip'} saddr ${cidr} tcp dport 22 accept`).join('; ');
  return text.replace(/\$\{join\("; ".*\}/, statements).replace(/\$\{[^}]*\}/g, 'ssh-ed25519 AAAA operators');
}

/** A file that user data writes; undefined where it writes none of that name. */
export function writtenFile(data: Json | undefined, file: string): string | undefined {
  return at<Json[]>(data, 'write_files')?.find((entry) => entry['path'] === file)?.['content'] as string | undefined;
}

/** The packet filter that user data installs. */
export function filterOf(data: Json | undefined): Ruleset {
  return parseNftables(writtenFile(data, '/etc/nftables.conf') ?? '');
}
