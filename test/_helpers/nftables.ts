import { BlockList, isIPv6 } from 'node:net';

/** A packet that opens a connection. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Where it came in. @default 'enp7s0' */
  readonly interface?: string;
  /** True when a container's published port was translated. @default false */
  readonly translated?: boolean;
}

export type Verdict = 'accept' | 'drop' | 'masquerade';

interface Chain {
  readonly hook?: string;
  readonly policy?: Verdict;
  readonly rules: readonly (readonly string[])[];
}

export type Ruleset = ReadonlyMap<string, Chain>;

/** Reads the part of the nftables language that host firewalls are written in. Throws for anything that it does not know. */
export function parseNftables(text: string): Ruleset {
  const chains = new Map<string, Chain>();
  let table = '';
  let current: { name: string; hook?: string; policy?: Verdict; rules: string[][] } | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^\s*#.*$/, '').trim();
    if (line === '') continue;
    const tableHead = /^table (inet|ip) (\w+) \{$/.exec(line);
    const chainHead = /^chain (\w+) \{$/.exec(line);
    if (/^(?:delete )?table (?:inet|ip) \w+$/.test(line)) continue;
    if (tableHead !== null) table = `${tableHead[1]} ${tableHead[2]}`;
    else if (chainHead !== null) current = { name: `${table} ${chainHead[1]}`, rules: [] };
    else if (line === '}' && current !== undefined) {
      chains.set(current.name, current);
      current = undefined;
    } else if (line === '}') table = '';
    else if (current === undefined) throw new Error(`not understood: ${line}`);
    else
      for (const statement of line.split(';').map((part) => part.trim())) {
        if (statement === '') continue;
        const hook = /^type (?:filter|nat) hook (\w+) priority \w+$/.exec(statement);
        const policy = /^policy (accept|drop)$/.exec(statement);
        if (hook?.[1] !== undefined) current.hook = hook[1];
        else if (policy !== null) current.policy = policy[1] === 'drop' ? 'drop' : 'accept';
        else current.rules.push(words(statement));
      }
  }
  return chains;
}

/** What a hook decides about a packet; `accept` where no chain has it. */
export function judge(ruleset: Ruleset, hook: 'input' | 'forward' | 'postrouting', packet: Packet): Verdict {
  for (const [name, chain] of ruleset) {
    if (chain.hook !== hook) continue;
    return follow(ruleset, name, packet) ?? chain.policy ?? 'accept';
  }
  return 'accept';
}

function follow(ruleset: Ruleset, name: string, packet: Packet): Verdict | undefined {
  const chain = ruleset.get(name);
  if (chain === undefined) throw new Error(`no chain ${name}`);
  for (const rule of chain.rules) {
    const outcome = applyRule(ruleset, name, rule, packet);
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

function applyRule(ruleset: Ruleset, chain: string, rule: readonly string[], packet: Packet): Verdict | undefined {
  let at = 0;
  const next = (): string => rule[at++] ?? '';
  while (at < rule.length) {
    const word = next();
    if (word === 'accept' || word === 'drop' || word === 'masquerade') return word;
    if (word === 'jump') return follow(ruleset, `${chain.split(' ').slice(0, 2).join(' ')} ${next()}`, packet);
    const selector = `${word} ${word === 'iifname' ? '' : next()}`.trim();
    const negated = rule[at] === '!=';
    if (negated) at += 1;
    if (matches(selector, next(), packet) === negated) return undefined;
  }
  throw new Error(`a rule without a verdict: ${rule.join(' ')}`);
}

function matches(selector: string, operand: string, packet: Packet): boolean {
  const members = operand.startsWith('{')
    ? operand
        .slice(1, -1)
        .split(',')
        .map((member) => member.trim())
    : [operand];
  switch (selector) {
    case 'ip saddr':
      return !isIPv6(packet.source) && members.some((block) => contains(block, packet.source));
    case 'ip6 saddr':
      return isIPv6(packet.source) && members.some((block) => contains(block, packet.source));
    case 'ip daddr':
      return !isIPv6(packet.destination) && members.some((block) => contains(block, packet.destination));
    case 'tcp dport':
    case 'udp dport':
      return selector.startsWith(packet.protocol) && members.includes(String(packet.port));
    case 'ct state':
      return operand.split(',').includes('new');
    case 'ct status':
      return operand === 'dnat' && packet.translated === true;
    case 'iifname':
      return members.some((name) => new RegExp(`^${name.replaceAll('"', '').replaceAll('*', '.*')}$`).test(packet.interface ?? 'enp7s0'));
    case 'icmpv6 type':
      return false;
    default:
      throw new Error(`not understood: ${selector} ${operand}`);
  }
}

function contains(block: string, address: string): boolean {
  const [base = '', bits] = block.split('/');
  const family = isIPv6(base) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  if (bits === undefined) list.addAddress(base, family);
  else list.addSubnet(base, Number(bits), family);
  return list.check(address, family);
}

function words(statement: string): string[] {
  return statement.match(/\{[^}]*\}|"[^"]*"|[^\s{}"]+/g) ?? [];
}
