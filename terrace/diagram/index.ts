/** What pages of pictures are described with (`stacks/<system>/diagrams.ts`). */
export { literalOf } from './describe/details';
export { type Diagram, type DiagramNode } from './describe/diagram';
export { draw } from './describe/draw';
export { messagesOf, type Sequence, type SequenceStep } from './describe/sequence';
export { trafficOf } from './describe/traffic';
export { type Kind } from './describe/kinds';
export { placementsOf, type Placement } from './describe/placement';
export type { Infrastructure, ResourceNode } from './read/graph';
export { type DiagramPage, type PageSection } from './render/page';
