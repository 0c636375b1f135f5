import type { Gateway, HostFirewall, InboundRule } from '../../../modules/hosts/nftables';
import { hostCalled, hostsOf, isStandby, roles, type AddressPlan, type Host, type Role } from './hosts';
import { collectors, exporters, traced, type CollectorName } from './monitoring';
import { serviceNames, services } from './services';

/** Where a connection comes from: hosts of a role, the load balancer, or the administrators outside. */
export type Origin = Role | 'load-balancer' | 'administrators';

/** Who may open connections to what. Everything else between hosts is dropped. */
export interface Flow {
  readonly from: Origin;
  readonly to: Role;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly why: string;
}

/** Every flow between hosts, made from what the services need, what is monitored and how people get in. */
export function flows(): readonly Flow[] {
  return unique([...access(), ...ingress(), ...needs(), ...replication(), ...metrics(), ...telemetry()]);
}

function access(): readonly Flow[] {
  const inside = roles.filter((role) => role !== 'bastion');
  return [
    { from: 'administrators', to: 'bastion', protocol: 'tcp', port: 22, why: 'SSH from the administrators' },
    ...inside.map((to): Flow => ({ from: 'bastion', to, protocol: 'tcp', port: 22, why: 'SSH through the bastion' })),
  ];
}

function ingress(): readonly Flow[] {
  return services.nginx.ports.map((port) => ({
    from: 'load-balancer',
    to: 'web',
    protocol: 'tcp',
    port,
    why: 'visitors, through the load balancer',
  }));
}

function needs(): readonly Flow[] {
  return serviceNames.flatMap((name) => {
    const { role } = services[name];
    if (role === undefined) return [];
    return services[name].needs.flatMap((needed) => {
      const { role: to, ports, published, title } = services[needed];
      if (to === undefined || to === role || !published) return [];
      return ports.map((port): Flow => ({ from: role, to, protocol: 'tcp', port, why: title }));
    });
  });
}

// Only standbys are in the role's group without being the primary; inboundTo leaves a flow out whose sources are all the host itself.
function replication(): readonly Flow[] {
  return services.postgres.ports.map((port) => ({ from: 'db', to: 'db', protocol: 'tcp', port, why: 'replication to the standbys' }));
}

function metrics(): readonly Flow[] {
  return exporters.flatMap(({ name, port, roles: on }) =>
    on
      .filter((role) => role !== 'monitoring')
      .map((to): Flow => ({ from: 'monitoring', to, protocol: 'tcp', port, why: `Prometheus asks the ${name}` })),
  );
}

function telemetry(): readonly Flow[] {
  const senders: Partial<Record<CollectorName, readonly Role[]>> = {
    'fluent-bit': roles.filter((role) => role !== 'monitoring'),
    jaeger: [...new Set(traced.map((name) => services[name].role).filter((role) => role !== undefined))],
  };
  return Object.entries(senders).flatMap(([name, from]) => {
    const collector = collectors[name as CollectorName];
    return from.flatMap((role) =>
      collector.receives.map((port): Flow => ({
        from: role,
        to: 'monitoring',
        protocol: 'tcp',
        port,
        why: name === 'jaeger' ? 'traces to Jaeger' : 'logs to Fluent Bit',
      })),
    );
  });
}

function unique(all: readonly Flow[]): readonly Flow[] {
  const seen = new Map(all.map((flow) => [`${flow.from} ${flow.to} ${flow.protocol} ${flow.port}`, flow]));
  return [...seen.values()];
}

/** Variable that names the administrators' networks. */
export const administratorsVariable = 'admin_cidrs';

/** The packet filter of one host. */
export function firewallOf(plan: AddressPlan, host: Host): HostFirewall {
  const inbound = flows()
    .filter(({ to }) => to === host.role)
    .map((flow) => inboundRule(plan, host, flow))
    .filter((rule) => rule !== undefined);
  return { inbound: join(inbound), containers: true, ...(host.role === 'bastion' ? { gateway: gatewayOf(plan) } : {}) };
}

function inboundRule(plan: AddressPlan, host: Host, { from, protocol, port, why }: Flow): InboundRule | undefined {
  if (from === 'administrators') return { from: { variable: administratorsVariable }, protocol, ports: [port], comment: why };
  const addresses = from === 'load-balancer' ? [plan.loadBalancer] : sources(plan, host, from).map(({ address }) => address);
  return addresses.length === 0 ? undefined : { from: addresses, protocol, ports: [port], comment: why };
}

function sources(plan: AddressPlan, host: Host, from: Role): readonly Host[] {
  const all = hostsOf(plan, from).filter(({ address }) => address !== host.address);
  // A standby asks the primary; nobody asks a standby but the web servers.
  return from === 'db' && host.role === 'db' ? (isStandby(host) ? [] : all.filter(isStandby)) : all;
}

/** Rules for the same reason become one: first those that differ in their ports, then those that differ in their sources. */
function join(rules: readonly InboundRule[]): readonly InboundRule[] {
  const ports = merge(
    rules,
    ({ comment, protocol, from }) => JSON.stringify([comment, protocol, from]),
    (one, other) => ({ ...one, ports: [...one.ports, ...other.ports] }),
  );
  return merge(
    ports,
    ({ comment, protocol, ports: numbers }) => JSON.stringify([comment, protocol, numbers]),
    (one, other) => ('variable' in one.from || 'variable' in other.from ? one : { ...one, from: [...one.from, ...other.from] }),
  );
}

function merge<T>(items: readonly T[], key: (item: T) => string, both: (one: T, other: T) => T): readonly T[] {
  const merged = new Map<string, T>();
  for (const item of items) {
    const same = merged.get(key(item));
    merged.set(key(item), same === undefined ? item : both(same, item));
  }
  return [...merged.values()];
}

/** What private hosts reach outside, through the bastion: names, time, packages and APIs; mail only from the monitoring server. */
export function gatewayOf(plan: AddressPlan): Gateway {
  const monitoring = hostCalled(plan, 'monitoring').address;
  const everyone = [plan.subnets.private];
  return {
    network: plan.network,
    behind: plan.subnets.private,
    egress: [
      { from: everyone, protocol: 'udp', ports: [53, 123] },
      { from: everyone, protocol: 'tcp', ports: [53, 80, 443] },
      { from: [monitoring], protocol: 'tcp', ports: [587] },
    ],
  };
}
