import type { Infrastructure, Reference, ResourceNode } from '../read/graph';

/** One reason why something calls something else. */
export interface Found {
  readonly from: string;
  readonly to: string;
  readonly port?: string | undefined;
  /** What of the JSON says so: `security group`, `IAM`. */
  readonly ground: string;
}

/** Id of those who call a region from anywhere. */
export function internetOf({ unit }: ResourceNode): string {
  return `internet ${unit.system}/${unit.environment}/${unit.region}`;
}

/** The graph with the questions that traffic asks. */
export class Net {
  readonly byId: ReadonlyMap<string, ResourceNode>;
  private readonly outgoing = new Map<string, Reference[]>();
  private readonly incoming = new Map<string, Reference[]>();

  constructor(readonly graph: Infrastructure) {
    this.byId = new Map(graph.resources.map((resource) => [resource.id, resource]));
    for (const reference of graph.references) {
      this.outgoing.set(reference.from, [...(this.outgoing.get(reference.from) ?? []), reference]);
      this.incoming.set(reference.to, [...(this.incoming.get(reference.to) ?? []), reference]);
    }
  }

  all(type: RegExp): readonly ResourceNode[] {
    return this.graph.resources.filter(({ block }) => type.test(block.type));
  }

  /** What a resource names in attributes that fit. */
  names(id: string, attribute: RegExp): readonly ResourceNode[] {
    return (this.outgoing.get(id) ?? [])
      .filter(({ attributes }) => attributes.some((one) => attribute.test(one)))
      .flatMap(({ to }) => this.byId.get(to) ?? []);
  }

  /** Who names a resource in attributes that fit. */
  namedBy(id: string, attribute: RegExp): readonly ResourceNode[] {
    return (this.incoming.get(id) ?? [])
      .filter(({ attributes }) => attributes.some((one) => attribute.test(one)))
      .flatMap(({ from }) => this.byId.get(from) ?? []);
  }

  /** The services that run a task definition, and anything else as itself. */
  runners(resource: ResourceNode): readonly ResourceNode[] {
    if (resource.block.type !== 'aws_ecs_task_definition') return [resource];
    const services = this.namedBy(resource.id, /^task_definition$/);
    return services.length === 0 ? [resource] : services;
  }
}
