import type { ShownValue } from '../values/shown-value';
import { costDrivers, type CostDriver } from '../source/cost-drivers';

import { valueAt, word } from './value-at';
import type { ChangeRule } from './rule';

const byType = new Map<string, CostDriver>(costDrivers.flatMap((driver) => driver.types.map((type) => [type, driver] as const)));

/** Attributes whose larger value costs more. */
const sizes = [
  'instance_class',
  'node_type',
  'instance_type',
  'server_type',
  'vm_size',
  'size',
  'machine_type',
  'sku_name',
  'allocated_storage',
  'desired_count',
  'num_cache_clusters',
  'instance_size',
  'node_count',
  'load_balancer_type',
];

function isLarger(before: ShownValue | undefined, after: ShownValue | undefined): boolean {
  if (typeof before === 'number' && typeof after === 'number') return after > before;
  return typeof before === 'string' && typeof after === 'string' && before !== after;
}

export const costRules: readonly ChangeRule[] = [
  {
    scope: 'change',
    id: 'cost-driver-added',
    title: 'Something that costs money just by existing is added',
    severity: 'low',
    explain: 'It is paid for from the apply on, used or not. The table in docs/review.md says what each kind is charged by.',
    *check(change) {
      const driver = byType.get(change.type);
      if (change.action !== 'create' || driver === undefined || driver.charged === 'once') return;
      if (change.type === 'aws_vpc_endpoint' && valueAt(change.after, 'vpc_endpoint_type') !== 'Interface') return;
      yield { reason: `${driver.pays} (${driver.scale} of euros a month)`, severity: driver.scale === 'tens' ? 'low' : 'medium' };
    },
  },
  {
    scope: 'change',
    id: 'cost-size-changed',
    title: 'The size of something that costs money changes',
    severity: 'low',
    explain: 'Each size is about twice the one before, and so is its price.',
    *check(change) {
      if ((change.action !== 'update' && change.action !== 'replace') || !byType.has(change.type)) return;
      for (const name of sizes) {
        const [before, after] = [valueAt(change.before, name), valueAt(change.after, name)];
        if (isLarger(before, after)) yield { reason: `${name}: ${word(before)} → ${word(after)}`, attribute: name };
      }
    },
  },
  {
    scope: 'change',
    id: 'cost-commitment',
    title: 'Money is spent at apply',
    severity: 'critical',
    explain: 'A reservation is a purchase: it is paid for at apply, and cannot be destroyed or returned.',
    *check(change) {
      const driver = byType.get(change.type);
      if (change.action === 'create' && driver?.charged === 'once')
        yield { reason: `${driver.pays}: ${word(valueAt(change.after, 'offering_id') ?? valueAt(change.after, 'reservation_id'))}` };
    },
  },
];
