/** How many NAT gateways a network has: one for all zones, one in each, or a number of them in the first zones. */
export type NatPolicy = 'single' | 'per-az' | number;

/**
 * Index of the NAT gateway that each zone's private subnets use, in the order of the zones. Zones without a gateway of their own
 * share the others in turn. Raises an error for a number below 1 or above the number of zones.
 */
export function natOfZones(policy: NatPolicy, zones: number): readonly number[] {
  const gateways = policy === 'single' ? 1 : policy === 'per-az' ? zones : policy;
  if (!Number.isInteger(gateways) || gateways < 1 || gateways > zones)
    throw new Error(`${gateways} NAT gateways for ${zones} zones: give a whole number from 1 to ${zones}`);
  return Array.from({ length: zones }, (_, zone) => zone % gateways);
}
