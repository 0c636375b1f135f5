import { isKnown, planWith, policy, written } from 'terrace/policy';

/** Where each provider keeps its tags, and what they are called there. */
const places = [
  { types: /^aws_/, attributes: ['tags_all', 'tags'], names: ['Environment', 'Region', 'Project', 'ManagedBy', 'Unit'] },
  { types: /^azurerm_/, attributes: ['tags'], names: ['environment', 'project'] },
  { types: /^hcloud_/, attributes: ['labels'], names: ['environment', 'project'] },
] as const;

export default policy({
  id: 'required-tags',
  severity: 'warn',
  explain: 'Costs, ownership and clean-up rely on tags. The unit’s provider sets them by default; a resource without them bypasses it.',
  check: (plan) =>
    [...written(plan)].flatMap(({ unit, change, after }) => {
      const place = places.find(({ types }) => types.test(change.type));
      const attribute = place?.attributes.find((name) => name in after);
      const tags = attribute === undefined ? undefined : after[attribute];
      // A type without the attribute has no tags at all; what is not known yet cannot be judged.
      if (place === undefined || attribute === undefined || !isKnown(tags)) return [];
      const present = typeof tags === 'object' && tags !== null ? Object.keys(tags).map((name) => name.toLowerCase()) : [];
      const missing = place.names.filter((name) => !present.includes(name.toLowerCase()));
      return missing.length === 0
        ? []
        : [{ message: `${change.address} has no ${missing.join(', ')}`, unit: unit.path, address: change.address }];
    }),
  test: {
    holds: {
      'all tags of the provider': planWith('olechka/dev/eu-central-1/network/vpc', 'aws_vpc.main', {
        tags_all: { Environment: 'dev', Region: 'eu-central-1', Project: 'ai-tools', ManagedBy: 'Terrace', Unit: 'network/vpc' },
      }),
      'a type without tags': planWith('olechka/dev/eu-central-1/network/vpc', 'aws_route.internet', {
        destination_cidr_block: '0.0.0.0/0',
      }),
      'tags known only after apply': planWith('olechka/dev/eu-central-1/network/vpc', 'aws_vpc.main', {
        tags_all: { 'terrace:mark': 'unknown' },
      }),
    },
    refuses: {
      'no tags': planWith('olechka/dev/eu-central-1/network/vpc', 'aws_vpc.main', { tags_all: null }),
      'one missing': planWith('olechka/dev/eu-central-1/network/vpc', 'aws_vpc.main', {
        tags_all: { Environment: 'dev', Region: 'eu-central-1', Project: 'ai-tools', ManagedBy: 'Terrace' },
      }),
    },
  },
});
