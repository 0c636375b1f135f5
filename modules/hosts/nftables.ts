import { Token } from 'cdktf';
import { expression } from 'terrace';

/** What may open connections to a host. */
export interface InboundRule {
  /**
   * Addresses or blocks; or a terraform variable of type `list(string)` whose members are CIDRs, IPv4 or IPv6, and which configuration
   * management fills in later.
   */
  readonly from: readonly string[] | { readonly variable: string };
  readonly protocol: 'tcp' | 'udp';
  readonly ports: readonly number[];
  readonly comment: string;
}

/** What a host forwards for others, as their way out. */
export interface Gateway {
  /** Nothing inside this block is forwarded to: hosts reach each other directly. */
  readonly network: string;
  /** The block whose hosts it hides behind its own address. */
  readonly behind: string;
  readonly egress: readonly { readonly from: readonly string[]; readonly protocol: 'tcp' | 'udp'; readonly ports: readonly number[] }[];
}

/** One host's packet filter, as data. Whatever it does not name is dropped. */
export interface HostFirewall {
  readonly inbound: readonly InboundRule[];
  /** True where Docker publishes ports and containers reach out: published ports obey the same rules as the host's own. */
  readonly containers: boolean;
  readonly gateway?: Gateway;
}

/** How the members of a `from` variable become rules: a terraform template inside user data, or plain CIDRs. */
export type VariableLines = (variable: string, match: string) => string;

const filledIn: VariableLines = (variable, match) =>
  `join("; ", [for cidr in var.${variable} : "\${strcontains(cidr, ":") ? "ip6" : "ip"} saddr \${cidr} ${match} accept"])`;

/** Lines that terraform fills in: one statement for each member, all on one line so that no indentation is broken. For a unit's values. */
export const terraformLines: VariableLines = (variable, match) => Token.asString(expression(filledIn(variable, match)));

/** The same as the text of a template, for a file that terraform's `templatefile` or a reader fills in. */
export const templateLines: VariableLines = (variable, match) => `\${${filledIn(variable, match)}}`;

/** Lines for CIDRs that are known already. */
export const literalLines =
  (cidrs: readonly string[]): VariableLines =>
  (_variable, match) =>
    cidrs.map((cidr) => `${cidr.includes(':') ? 'ip6' : 'ip'} saddr ${cidr} ${match} accept`).join('; ');

/**
 * The nftables file of a host: input and forward drop by default, the same `services` chain admits to both. A container's published
 * port is translated before the forward hook, so host and container must use the same number. The file replaces its own tables
 * only; Docker's and fail2ban's stay.
 */
export function renderNftables(firewall: HostFirewall, variableLines: VariableLines = templateLines): string {
  const lines = [
    '# what may reach this host; generated, loaded by nftables.service',
    ...replace('inet terrace'),
    'table inet terrace {',
    '  chain services {',
    ...firewall.inbound.flatMap((rule) => [`    # ${rule.comment}`, `    ${inboundRule(rule, variableLines)}`]),
    '  }',
    '',
    '  chain input {',
    '    type filter hook input priority filter; policy drop;',
    '    ct state established,related accept',
    '    ct state invalid drop',
    '    iifname "lo" accept',
    '    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept',
    '    jump services',
    '  }',
    '',
    '  chain forward {',
    '    type filter hook forward priority filter; policy drop;',
    '    ct state established,related accept',
    '    ct state invalid drop',
    ...(firewall.containers ? ['    iifname "docker0" accept', '    iifname "br-*" accept', '    ct status dnat jump services'] : []),
    ...(firewall.gateway === undefined ? [] : gatewayRules(firewall.gateway)),
    '  }',
    '}',
    ...(firewall.gateway === undefined ? [] : masquerade(firewall.gateway)),
  ];
  return `${lines.join('\n')}\n`;
}

function replace(table: string): readonly string[] {
  return [`table ${table}`, `delete table ${table}`];
}

function inboundRule(rule: InboundRule, variableLines: VariableLines): string {
  const match = `${rule.protocol} dport ${set(rule.ports.map(String))}`;
  return 'variable' in rule.from ? variableLines(rule.from.variable, match) : `ip saddr ${set(rule.from)} ${match} accept`;
}

function gatewayRules({ network, egress }: Gateway): readonly string[] {
  return [
    `    ip daddr ${network} drop`,
    ...egress.map(({ from, protocol, ports }) => `    ip saddr ${set(from)} ${protocol} dport ${set(ports.map(String))} accept`),
  ];
}

function masquerade({ network, behind }: Gateway): readonly string[] {
  return [
    '',
    ...replace('ip terrace_nat'),
    'table ip terrace_nat {',
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat; policy accept;',
    `    ip saddr ${behind} ip daddr != ${network} masquerade`,
    '  }',
    '}',
  ];
}

function set(members: readonly string[]): string {
  const [only] = members;
  return members.length === 1 && only !== undefined ? only : `{ ${members.join(', ')} }`;
}
