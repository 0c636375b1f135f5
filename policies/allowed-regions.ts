import { isKnown, planWith, policy, written } from 'terrace/policy';

/** Where each system may build: the cloud's own names; folders named `global` use the first. */
const regions: Readonly<Record<string, readonly string[]>> = {
  olechka: ['eu-central-1', 'ap-southeast-1', 'us-east-1'],
  'pro-mata': ['us-east-1', 'eastus2', 'eastus'],
  astra: ['europe-west1', 'europe-west1-b', 'eu-central-1'],
  astraler: ['ap-southeast-1', 'apac', 'weur', 'global'],
  tux: ['nbg1', 'fsn1', 'hel1', 'eu-central', 'eu-central-1'],
};

/** Attributes that say where something is built. */
const attributes = ['region', 'location', 'network_zone', 'primary_region', 'availability_zone'];

function regionOf(place: string): string {
  // An availability zone is its region and a letter.
  return place
    .replace(/^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/, '$1')
    .replaceAll(' ', '')
    .toLowerCase();
}

export default policy({
  id: 'allowed-regions',
  severity: 'deny',
  explain:
    'Data must stay where contracts say, and nobody looks for costs in an unused region. A new region is a separate decision: add it here first.',
  check: (plan) =>
    [...written(plan)].flatMap(({ unit, change, after }) => {
      const allowed = regions[unit.system]?.map(regionOf);
      if (allowed === undefined) return [];
      return attributes.flatMap((name) => {
        const place = after[name];
        if (!isKnown(place) || typeof place !== 'string' || place === '' || allowed.includes(regionOf(place))) return [];
        return [{ message: `${change.address} would be created in ${place}`, unit: unit.path, address: change.address }];
      });
    }),
  test: {
    holds: {
      'a region of the system': planWith('olechka/dev/eu-central-1/network/vpc', 'aws_subnet.a', {
        availability_zone: 'eu-central-1a',
        region: 'eu-central-1',
      }),
      'an Azure location with blanks': planWith('pro-mata/dev/eastus2/network/vnet', 'azurerm_virtual_network.main', {
        location: 'East US 2',
      }),
      'a type without a place': planWith('tux/production/nbg1/network/firewall', 'hcloud_firewall.web', { name: 'web' }),
    },
    refuses: {
      'another region': planWith('olechka/dev/eu-central-1/storage/s3', 'aws_s3_bucket.copy', { region: 'us-west-2' }),
      'another location': planWith('tux/production/nbg1/compute/server', 'hcloud_server.web', { location: 'ash' }),
    },
  },
});
