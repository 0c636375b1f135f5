export interface SshDaemon {
  /** The only login. */
  readonly operator: string;
  /** Whose connections it forwards: of anybody who is logged in, to its own ports, or none. */
  readonly forwarding: 'yes' | 'local' | 'no';
}

/** Settings of an SSH daemon that takes keys only. */
export function sshdSettings({ operator, forwarding }: SshDaemon): string {
  const settings = [
    'PermitRootLogin no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'MaxAuthTries 3',
    'LoginGraceTime 30',
    'X11Forwarding no',
    'AllowAgentForwarding no',
    `AllowTcpForwarding ${forwarding}`,
    `AllowUsers ${operator}`,
  ];
  return `${settings.join('\n')}\n`;
}

/** fail2ban's jail for those who guess at SSH: five times in ten minutes, an hour outside. */
export const sshJail = [
  '[sshd]',
  'enabled = true',
  'backend = systemd',
  'maxretry = 5',
  'findtime = 10m',
  'bantime = 1h',
  'banaction = nftables[type=multiport]',
  '',
].join('\n');
