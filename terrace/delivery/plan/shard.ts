import type { ShardOf } from '../bundle/bundle';
import type { PlanTarget } from '../target/plan-target';

/**
 * Every n-th unit of the selection, by path; shards of one selection are disjoint and complete. An undivided one, whose units wait for each
 * other, is the first shard whole.
 */
export function shardOf(targets: readonly PlanTarget[], shard: ShardOf, undivided = false): readonly PlanTarget[] {
  if (undivided) return shard.index === 1 ? targets : [];
  return targets.toSorted((a, b) => (a.unit.path < b.unit.path ? -1 : 1)).filter((_, index) => index % shard.count === shard.index - 1);
}
