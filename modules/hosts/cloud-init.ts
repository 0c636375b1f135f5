import { stringify } from 'yaml';

/** A file that is written before any command runs. */
export interface CloudFile {
  readonly path: string;
  readonly content: string;
  /** Octal. @default '0644' */
  readonly permissions?: string;
}

export interface CloudConfig {
  readonly hostname: string;
  /** Login name of the operators; root cannot log in. */
  readonly operator: string;
  /** OpenSSH public key of the operators, or the terraform reference to it. */
  readonly authorizedKey: string;
  readonly files: readonly CloudFile[];
  /** Run once, at the end of the first boot, in this order; the first words are what brings the network up, where that is needed. */
  readonly commands: readonly (readonly string[])[];
}

/**
 * The `#cloud-config` text of a host; byte-identical for the same input. It has no `packages`: cloud-init installs those before the
 * commands, when a host without a public interface has no way out yet.
 */
export function renderCloudConfig({ hostname, operator, authorizedKey, files, commands }: CloudConfig): string {
  const document = {
    hostname,
    disable_root: true,
    ssh_pwauth: false,
    users: [
      {
        name: operator,
        gecos: 'Operators',
        groups: ['sudo'],
        shell: '/bin/bash',
        sudo: 'ALL=(ALL) NOPASSWD:ALL',
        lock_passwd: true,
        ssh_authorized_keys: [authorizedKey],
      },
    ],
    write_files: files.map(({ path, content, permissions = '0644' }) => ({ path, owner: 'root:root', permissions, content })),
    runcmd: commands,
  };
  return `#cloud-config\n${stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' })}`;
}

/** Installs packages without asking, keeping files that were written before. */
export function installPackages(packages: readonly string[]): readonly (readonly string[])[] {
  return [
    ['apt-get', 'update'],
    ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '--yes', '--option', 'Dpkg::Options::=--force-confold', ...packages],
  ];
}
