import { isObject, type Json } from '../read/configuration';
import type { ResourceNode } from '../read/graph';
import { literalOf } from './details';
import { internetOf, type Found, type Net } from './net';
import { listOf } from './values';

const anywhere = new Set(['0.0.0.0/0', '::/0']);

/** Members of security groups, not the rules and attachments that only speak of them. */
const speaksOnly = /^aws_(security_group|vpc_security_group|default_security_group|network_interface_sg_attachment)/;

/**
 * Rules between security groups, as traffic between the members of both: from whoever may open a connection to whoever takes it. A rule
 * that admits everybody leads from the region's internet. What an egress rule alone allows to everybody says nothing of who is called.
 */
export function groupRules(net: Net): readonly Found[] {
  const members = (group: ResourceNode): readonly ResourceNode[] =>
    net.namedBy(group.id, /security_group/).filter(({ block }) => !speaksOnly.test(block.type));
  const between = (callers: readonly ResourceNode[], called: readonly ResourceNode[], port: string | undefined): Found[] =>
    callers.flatMap(({ id: from }) => called.map(({ id: to }): Found => ({ from, to, port, ground: 'security group' })));

  const separate = net.all(/^aws_(vpc_security_group_(ingress|egress)_rule|security_group_rule)$/).flatMap((rule): Found[] => {
    const { block } = rule;
    const own = net.names(rule.id, /^security_group_id$/).flatMap(members);
    const other = net.names(rule.id, /^(referenced_security_group_id|source_security_group_id)$/).flatMap(members);
    const port = portsOf(block.body);
    const isOut = block.type.includes('egress') || block.body['type'] === 'egress';
    if (isOut) return between(own, other, port);
    const open = isOpen(block.body['cidr_ipv4']) || isOpen(block.body['cidr_ipv6']) || isOpen(block.body['cidr_blocks']);
    return [...between(other, own, port), ...(open ? fromAnywhere(own, port) : [])];
  });
  const inline = net.all(/^aws_security_group$/).flatMap((group): Found[] => {
    const own = members(group);
    const inward = net.names(group.id, /^ingress\./).flatMap(members);
    const outward = net.names(group.id, /^egress\./).flatMap(members);
    const open = listOf(group.block.body['ingress']).filter((rule) => isObject(rule) && isOpen(rule['cidr_blocks']));
    return [
      ...between(inward, own, undefined),
      ...between(own, outward, undefined),
      ...open.flatMap((rule) => fromAnywhere(own, isObject(rule) ? portsOf(rule) : undefined)),
    ];
  });
  return [...separate, ...inline];
}

function fromAnywhere(called: readonly ResourceNode[], port: string | undefined): Found[] {
  return called.map((one): Found => ({ from: internetOf(one), to: one.id, port, ground: 'security group' }));
}

function portsOf(body: { readonly [key: string]: Json }): string | undefined {
  const [from, to] = [literalOf(body, 'from_port'), literalOf(body, 'to_port')];
  if (from === undefined || from === '-1' || (from === '0' && to !== '0')) return undefined;
  return to === undefined || to === from ? from : `${from}-${to}`;
}

function isOpen(value: Json | undefined): boolean {
  return listOf(value).some((one) => typeof one === 'string' && anywhere.has(one));
}
