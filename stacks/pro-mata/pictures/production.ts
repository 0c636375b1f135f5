import type { Diagram, DiagramNode, Infrastructure, ResourceNode } from 'terrace/diagram';

type Edge = Diagram['edges'][number];

/** Boxes by the security group that stands before them, as the names of the groups end. */
const groups: Readonly<Record<string, DiagramNode>> = {
  alb: { id: 'ALB', title: 'Application Load Balancer', kind: 'balancer', provider: 'aws', parent: 'public' },
  frontend: {
    id: 'FE',
    title: 'React on Nginx',
    subtitle: 'ECS Fargate, 512 CPU / 1024 Memory',
    kind: 'container',
    provider: 'aws',
    parent: 'private',
  },
  backend: {
    id: 'BE',
    title: 'Node.js API',
    subtitle: 'ECS Fargate, 512 CPU / 1024 Memory',
    kind: 'container',
    provider: 'aws',
    parent: 'private',
  },
  rds: { id: 'RDS', title: 'RDS PostgreSQL', subtitle: 'Multi-AZ', kind: 'database', provider: 'aws', parent: 'private' },
  redis: { id: 'REDIS', title: 'Redis, sessions', kind: 'cache', provider: 'aws', parent: 'private' },
};

/** Production: every arrow is a rule, a record, a certificate, a secret or a log of the synthesized JSON. */
export function productionPicture(graph: Infrastructure): Diagram {
  return {
    title: 'Production (AWS US East 1)',
    description:
      'Who reaches whom in production: visitors through the load balancer, the backend to database and cache, secrets to the backend, logs and metrics to CloudWatch.',
    direction: 'down',
    clusters: [
      { id: 'vpc', title: 'VPC', subtitle: '10.0.0.0/16', kind: 'network', provider: 'aws' },
      { id: 'public', title: 'Public subnets', kind: 'subnet', parent: 'vpc' },
      { id: 'private', title: 'Private subnets', kind: 'subnet', parent: 'vpc' },
    ],
    nodes: [
      { id: 'INTERNET', title: 'Internet', kind: 'outside' },
      { id: 'ROUTE53', title: 'Route 53', subtitle: 'promata.ages.pucrs.br', kind: 'dns', provider: 'aws' },
      { id: 'ACM', title: 'ACM certificate', kind: 'certificate', provider: 'aws' },
      { id: 'SECRETS', title: 'Secrets Manager', kind: 'secret', provider: 'aws' },
      { id: 'CLOUDWATCH', title: 'CloudWatch', subtitle: 'with Container Insights', kind: 'monitor', provider: 'aws' },
      ...Object.values(groups),
    ],
    edges: edgesOf(new Production(graph)),
  };
}

/** The resources of production, with the questions of the picture. */
class Production {
  private readonly resources: readonly ResourceNode[];
  private readonly named: ReadonlyMap<string, ResourceNode>;

  constructor(private readonly graph: Infrastructure) {
    this.resources = graph.resources.filter(({ unit }) => unit.system === 'pro-mata' && unit.environment === 'prod');
    this.named = new Map(this.resources.map((one) => [one.id, one]));
  }

  all(type: string): readonly ResourceNode[] {
    return this.resources.filter(({ block }) => block.type === type);
  }

  /** What a resource refers to by an attribute, of a type. */
  referred(from: ResourceNode, attribute: string, type: string): readonly ResourceNode[] {
    return this.graph.references
      .filter((one) => one.from === from.id && one.attributes.some((way) => way === attribute || way.startsWith(`${attribute}.`)))
      .flatMap(({ to }) => this.named.get(to) ?? [])
      .filter(({ block }) => block.type === type);
  }

  /** The box behind a security group, by the group's name. */
  box(group: ResourceNode | undefined): string | undefined {
    const name =
      String(group?.block.body['name'] ?? '')
        .split('-')
        .at(-1) ?? '';
    return groups[name]?.id;
  }
}

function edgesOf(production: Production): readonly Edge[] {
  const rules = production.all('aws_vpc_security_group_ingress_rule').flatMap((rule): readonly Edge[] => {
    const to = production.box(production.referred(rule, 'security_group_id', 'aws_security_group')[0]);
    const from =
      rule.block.body['cidr_ipv4'] === '0.0.0.0/0'
        ? 'INTERNET'
        : production.box(production.referred(rule, 'referenced_security_group_id', 'aws_security_group')[0]);
    return from === undefined || to === undefined ? [] : [{ from, to, kind: 'flow', label: String(rule.block.body['from_port']) }];
  });
  const drawn = (from: string, to: string, ground: boolean): readonly Edge[] => (ground ? [{ from, to, kind: 'flow' }] : []);
  const records = production.all('aws_route53_record').filter((record) => production.referred(record, 'alias', 'aws_lb').length > 0);
  const listeners = production
    .all('aws_lb_listener')
    .filter((listener) => production.referred(listener, 'certificate_arn', 'aws_acm_certificate_validation').length > 0);
  const services = ['frontend', 'backend'].flatMap((name): readonly Edge[] => {
    const id = groups[name]?.id ?? '';
    const task = production.all('aws_ecs_task_definition').find(({ unit }) => unit.path.endsWith(`compute/ecs-service-${name}`));
    if (task === undefined) return [];
    const text = JSON.stringify(task.block.body['container_definitions'] ?? '');
    return [...drawn('SECRETS', id, text.includes('valueFrom')), ...drawn(id, 'CLOUDWATCH', text.includes('awslogs'))];
  });
  return [...joined(rules), ...drawn('ROUTE53', 'ALB', records.length > 0), ...drawn('ACM', 'ALB', listeners.length > 0), ...services];
}

/** One arrow for all ports between two boxes. */
function joined(edges: readonly Edge[]): readonly Edge[] {
  const ports = new Map<string, { readonly edge: Edge; readonly labels: string[] }>();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to}`;
    const known = ports.get(key) ?? { edge, labels: [] };
    known.labels.push(edge.label ?? '');
    ports.set(key, known);
  }
  return [...ports.values()].map(({ edge, labels }) => ({ ...edge, label: labels.sort((a, b) => Number(a) - Number(b)).join(', ') }));
}
