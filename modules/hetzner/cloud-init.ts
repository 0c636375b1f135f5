import { stringify } from 'yaml';

/** A file that is written before anything is installed. */
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
  readonly packages: readonly string[];
  /** Run at every boot, before the files are written and packages installed. */
  readonly bootCommands: readonly (readonly string[])[];
  /** Run once, at the end of the first boot. */
  readonly commands: readonly (readonly string[])[];
}

/** The `#cloud-config` text of a host; byte-identical for the same input. */
export function renderCloudConfig(config: CloudConfig): string {
  const { hostname, operator, authorizedKey, files, packages, bootCommands, commands } = config;
  const document = {
    hostname,
    preserve_hostname: false,
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
    ...(bootCommands.length === 0 ? {} : { bootcmd: bootCommands }),
    write_files: files.map(({ path, content, permissions = '0644' }) => ({ path, owner: 'root:root', permissions, content })),
    package_update: true,
    packages,
    runcmd: commands,
  };
  return `#cloud-config\n${stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
