import { type Diagram, type Infrastructure, type ResourceNode, trafficOf } from 'terrace/diagram';

type Edge = Diagram['edges'][number];

/** Production's resources in its primary region, with the questions that the pictures ask. */
export class Estate {
  private readonly resources: readonly ResourceNode[];
  private readonly calls: ReadonlySet<string>;
  private readonly uses: ReadonlySet<string>;

  constructor(private readonly graph: Infrastructure) {
    this.resources = graph.resources.filter(({ unit }) => unit.system === 'olechka' && unit.environment === 'production');
    const types = new Map(this.resources.map(({ id, block }) => [id, block.type]));
    const pairs = (list: readonly { readonly from: string; readonly to: string }[]): ReadonlySet<string> =>
      new Set(list.map(({ from, to }) => `${types.get(from) ?? ''} ${types.get(to) ?? ''}`));
    this.calls = pairs(trafficOf(graph));
    this.uses = pairs(graph.references);
  }

  has(type: string): boolean {
    return this.resources.some(({ block }) => block.type === type);
  }

  /** How many of a type the environments other than production have, or production. */
  count(type: string, environment: string): number {
    return this.graph.resources.filter(
      ({ unit, block }) => unit.system === 'olechka' && unit.environment === environment && block.type === type,
    ).length;
  }

  /** True when a resource of one type calls one of the other. */
  called(from: string, to: string): boolean {
    return this.calls.has(`${from} ${to}`);
  }

  /** True when a resource of one type refers to one of the other. */
  used(user: string, needed: string): boolean {
    return this.uses.has(`${user} ${needed}`);
  }

  /** True when a resource of a type speaks of something anywhere in its JSON. */
  speaks(type: string, words: RegExp): boolean {
    return this.resources.some(({ block }) => block.type === type && words.test(JSON.stringify(block.body)));
  }

  /** True when some unit of the system keeps its state with a lock of this kind. */
  locks(): boolean {
    return this.graph.units.some(({ unit }) => unit.system === 'olechka' && unit.backend.dynamodbTable !== undefined);
  }

  /** Names of regions of an environment that hold more than roles. */
  regions(environment: string): readonly string[] {
    const units = this.graph.units.filter(
      ({ unit }) => unit.system === 'olechka' && unit.environment === environment && unit.layer !== 'iam',
    );
    return [...new Set(units.map(({ unit }) => unit.region))].sort();
  }

  /** `<layer>/<unit>` of every unit of an environment. */
  units(environment: string): readonly string[] {
    const units = this.graph.units.filter(({ unit }) => unit.system === 'olechka' && unit.environment === environment);
    return [...new Set(units.map(({ unit }) => `${unit.layer}/${unit.name}`))].sort();
  }
}

/** An arrow and whether the model or the data have it; one without a ground is not drawn. */
export type Grounded = readonly [from: string, to: string, ground: boolean, label?: string];

export function arrowsOf(arrows: readonly Grounded[]): readonly Edge[] {
  return arrows.flatMap(([from, to, ground, label]): Edge[] =>
    ground ? [{ from, to, kind: 'flow', ...(label === undefined ? {} : { label }) }] : [],
  );
}
