import type { Card } from '../measure/card';
import type { Diagram, DiagramCluster, DiagramEdge, DiagramNode } from '../describe/diagram';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A diagram with every position decided, in pixels from the upper left corner. */
export interface Picture {
  readonly diagram: Diagram;
  readonly width: number;
  readonly height: number;
  /** Outer clusters before inner ones. */
  readonly clusters: readonly PlacedCluster[];
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export interface PlacedCluster extends Box {
  readonly cluster: DiagramCluster;
  /** Distance from the outermost cluster. */
  readonly depth: number;
  /** Left end of its label. */
  readonly labelX: number;
}

export interface PlacedNode extends Box {
  readonly node: DiagramNode;
  readonly card: Card;
}

export interface PlacedEdge {
  readonly edge: DiagramEdge;
  /** At least two; every piece is horizontal or vertical. */
  readonly points: readonly Point[];
  /** Where arrows with a common end come together. */
  readonly junctions: readonly Point[];
  readonly label?: Box;
}
