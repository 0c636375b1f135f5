/** Hetzner's locations and the network zone each lies in (docs.hetzner.com, "Cloud Networks FAQ"). */
const zones = {
  fsn1: 'eu-central',
  nbg1: 'eu-central',
  hel1: 'eu-central',
  ash: 'us-east',
  hil: 'us-west',
  sin: 'ap-southeast',
} as const;

export type Location = keyof typeof zones;
export type NetworkZone = (typeof zones)[Location];

/** Every location, sorted. */
export const locations: readonly Location[] = (Object.keys(zones) as Location[]).sort();

/** The network zone of a location: a server there can only join subnets of this zone. */
export function networkZoneOf(location: Location): NetworkZone {
  return zones[location];
}

/** The locations of a network zone, sorted. */
export function locationsIn(zone: NetworkZone): readonly Location[] {
  return locations.filter((location) => zones[location] === zone);
}
