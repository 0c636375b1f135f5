import { networkGateway } from '../../../modules/hetzner/checks';
import { installPackages, renderCloudConfig, type CloudFile } from '../../../modules/hosts/cloud-init';
import { renderNftables, templateLines, type VariableLines } from '../../../modules/hosts/nftables';
import { sshdSettings, sshJail } from '../../../modules/hosts/ssh';
import { operator } from '../root';
import type { AddressPlan, Host } from '../topology/hosts';
import { firewallOf } from '../topology/traffic';

/** Bytes kept free in the user data for what terraform fills in: a public key, and some sixty networks of administrators. */
export const userDataReserve = 4096;

/** Hetzner's recursive name servers. */
const nameServers = ['185.12.64.1', '185.12.64.2'];

/**
 * What a host is at first boot: operators but no root, a packet filter, SSH without passwords, bans for those who guess, and for a
 * private host the way out through the network's gateway. Everything later is Ansible's.
 * `authorizedKey` is a public key or the terraform reference to one; `lines` says how the administrators' networks come in.
 */
export function userDataOf(plan: AddressPlan, host: Host, authorizedKey: string, lines: VariableLines = templateLines): string {
  const gateway = networkGateway(plan.network);
  const isPrivate = host.subnet === 'private';
  return renderCloudConfig({
    hostname: host.name,
    operator,
    authorizedKey,
    files: [
      { path: '/etc/nftables.conf', permissions: '0600', content: renderNftables(firewallOf(plan, host), lines) },
      {
        path: '/etc/ssh/sshd_config.d/10-terrace.conf',
        permissions: '0600',
        content: sshdSettings({ operator, forwarding: forwardingOf(host) }),
      },
      { path: '/etc/fail2ban/jail.d/sshd.local', content: sshJail },
      { path: '/etc/sysctl.d/60-forwarding.conf', content: '# containers and the NAT gateway need it\nnet.ipv4.ip_forward = 1\n' },
      ...(isPrivate ? [wayOut(gateway)] : []),
    ],
    commands: [
      ...(isPrivate ? [['networkctl', 'reload'], ['ip', 'route', 'replace', 'default', 'via', gateway], waitForGateway] : []),
      ['sysctl', '--system'],
      ['systemctl', 'reload', 'ssh'],
      ...installPackages(['nftables', 'fail2ban', 'unattended-upgrades', 'python3']),
      ['nft', '--check', '--file', '/etc/nftables.conf'],
      ['systemctl', 'enable', '--now', 'nftables'],
      ['systemctl', 'restart', 'fail2ban'],
    ],
  });
}

// The bastion may still be booting: names resolve once it forwards.
const waitForGateway = ['timeout', '600', 'sh', '-c', 'until getent ahostsv4 archive.ubuntu.com >/dev/null; do sleep 5; done'];

// Sorts before what netplan generates for the same interface. Hetzner's gateway answers for the whole network.
function wayOut(gateway: string): CloudFile {
  const lines = [
    '[Match]',
    'Name=en* eth*',
    '',
    '[Network]',
    'DHCP=ipv4',
    `Gateway=${gateway}`,
    ...nameServers.map((address) => `DNS=${address}`),
    '',
    '[DHCPv4]',
    'UseDNS=no',
    '',
  ];
  return { path: '/etc/systemd/network/05-egress.network', content: lines.join('\n') };
}

/** Only the bastion forwards connections, and the monitoring server to its own consoles. */
function forwardingOf(host: Host): 'yes' | 'local' | 'no' {
  return host.role === 'bastion' ? 'yes' : host.role === 'monitoring' ? 'local' : 'no';
}
