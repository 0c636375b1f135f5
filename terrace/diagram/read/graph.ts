import type { Model, UnitModel } from '../../model/model';
import type { Block, Configuration } from './configuration';

/** Units and resources of a synthesized tree with everything that refers to something else; the data behind every picture of infrastructure. */
export interface Infrastructure {
  readonly model: Model;
  /** Sorted by path. */
  readonly units: readonly UnitNode[];
  /** Sorted by id. */
  readonly resources: readonly ResourceNode[];
  /** Sorted by from, to; one for each pair. */
  readonly references: readonly Reference[];
}

export interface UnitNode {
  readonly unit: UnitModel;
  readonly configuration: Configuration;
  /** True where its environment is planned: described, but not built yet. */
  readonly planned: boolean;
}

export interface ResourceNode {
  /** `<unit path>#<address>`. */
  readonly id: string;
  readonly unit: UnitModel;
  readonly block: Block;
  readonly planned: boolean;
}

/** One resource uses another: in an expression, or by order alone. */
export interface Reference {
  /** Id of the resource that uses. */
  readonly from: string;
  /** Id of the resource that is used. */
  readonly to: string;
  /** `state` went through another unit's output; `order` stands in `depends_on` alone. */
  readonly kind: 'reference' | 'state' | 'order';
  /** Attributes that hold the reference (`vpc_config.subnet_ids`), sorted. */
  readonly attributes: readonly string[];
  /** Outputs of other units it came through, sorted. */
  readonly outputs: readonly string[];
}
