/** One layer of defence: what heads it, what follows from that, and where each is met. */
export interface SecurityLayer {
  readonly id: string;
  readonly title: string;
  readonly measures: readonly SecurityMeasure[];
  readonly arrows: readonly (readonly [from: string, to: string])[];
}

export interface SecurityMeasure {
  readonly id: string;
  readonly title: string;
  /** Unit, role or service that provides it. */
  readonly metBy: string;
}

export const securityLayers: readonly SecurityLayer[] = [
  {
    id: 'external',
    title: 'External Security',
    measures: [
      { id: 'CLOUDFLARE_SEC', title: 'Cloudflare Security', metBy: 'dns/cloudflare: every record is proxied' },
      { id: 'DDOS_PROT', title: 'DDoS Protection', metBy: 'security/cloudflare: HTTP DDoS ruleset' },
      { id: 'WAF_RULES', title: 'WAF Rules', metBy: 'security/cloudflare: managed WAF rulesets' },
    ],
    arrows: [
      ['CLOUDFLARE_SEC', 'DDOS_PROT'],
      ['CLOUDFLARE_SEC', 'WAF_RULES'],
    ],
  },
  {
    id: 'network',
    title: 'Network Security',
    measures: [
      { id: 'VPC', title: 'VPC Isolation', metBy: 'network/private-network: no public interface on private servers' },
      { id: 'SECURITY_GROUPS', title: 'Security Groups', metBy: 'network/firewall: Hetzner firewalls on the public side' },
      { id: 'NACL', title: 'Network ACLs', metBy: 'compute/bastion: what the NAT gateway forwards' },
    ],
    arrows: [
      ['VPC', 'SECURITY_GROUPS'],
      ['VPC', 'NACL'],
    ],
  },
  {
    id: 'host',
    title: 'Host Security',
    measures: [
      { id: 'HARDENING', title: 'OS Hardening', metBy: 'hardening.yml: role system' },
      { id: 'FIREWALL_HOST', title: 'Host Firewall', metBy: 'cloud-init and role system: nftables' },
      { id: 'FAIL2BAN', title: 'Fail2ban', metBy: 'role system: fail2ban' },
    ],
    arrows: [
      ['HARDENING', 'FIREWALL_HOST'],
      ['HARDENING', 'FAIL2BAN'],
    ],
  },
  {
    id: 'application',
    title: 'Application Security',
    measures: [
      { id: 'TLS', title: 'TLS Encryption', metBy: 'security/cloudflare and nginx: strict TLS, client certificates' },
      { id: 'AUTH_JWT', title: 'JWT Authentication', metBy: 'auth: signs tokens; tux and api: have it check each' },
      { id: 'RBAC', title: 'Role-Based Access', metBy: 'auth: roles in the token; postgres: one database role per service' },
    ],
    arrows: [
      ['TLS', 'AUTH_JWT'],
      ['AUTH_JWT', 'RBAC'],
    ],
  },
  {
    id: 'data',
    title: 'Data Security',
    measures: [
      { id: 'ENCRYPTION', title: 'Data Encryption', metBy: 'role tux: LUKS on every volume' },
      { id: 'BACKUP_ENC', title: 'Encrypted Backups', metBy: 'role tux: restic' },
      {
        id: 'SECRET_MGT',
        title: 'Secret Management',
        metBy: 'Ansible Vault; TF_VAR_*; nothing secret in a state but what a provider returns',
      },
    ],
    arrows: [
      ['ENCRYPTION', 'BACKUP_ENC'],
      ['ENCRYPTION', 'SECRET_MGT'],
    ],
  },
];
