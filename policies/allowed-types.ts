import { isKnown, planWith, policy, written } from 'terrace/policy';

/** What may not be made, and where; `only` names the environments in which it may. */
const rules: readonly { readonly types: RegExp; readonly only: readonly string[]; readonly because: string }[] = [
  {
    types: /^aws_(?:rds_reserved_instance|elasticache_reserved_cache_node)$/,
    only: ['production'],
    because: 'a reservation is a purchase that cannot be returned',
  },
  {
    types: /^aws_iam_(?:user|access_key|user_login_profile)$/,
    only: [],
    because: 'people and programs sign in by federation, without keys that live for ever',
  },
  { types: /^kubernetes_manifest$/, only: [], because: 'it needs a live cluster to plan' },
  { types: /^aws_default_(?:vpc|subnet)$/, only: [], because: 'it takes over what the account came with' },
];

/** Sizes that only production may have. */
const large = /^(?:db|cache)\.[a-z0-9]+\.(?:[2-9]|\d\d+)?xlarge$/;

export default policy({
  id: 'allowed-types',
  severity: 'deny',
  explain: 'Some kinds of resources are not allowed in every environment, and some in none. Each has its reason.',
  check: (plan) =>
    [...written(plan)].flatMap(({ unit, change, after }) => {
      if (change.action === 'update') return [];
      const rule = rules.find(({ types }) => types.test(change.type));
      const forbidden = rule === undefined || rule.only.includes(unit.environment) ? [] : [`${change.type}: ${rule.because}`];
      const oversized = ['instance_class', 'node_type'].flatMap((name) => {
        const size = after[name];
        return unit.environment !== 'production' && isKnown(size) && typeof size === 'string' && large.test(size)
          ? [`${size} is for production only`]
          : [];
      });
      return [...forbidden, ...oversized].map((message) => ({ message, unit: unit.path, address: change.address }));
    }),
  test: {
    holds: {
      'the default group of a VPC of its own': planWith(
        'olechka/production/eu-central-1/network/vpc',
        'aws_default_security_group.one',
        {},
      ),
      'a reservation in production': planWith('olechka/production/eu-central-1/storage/aurora', 'aws_rds_reserved_instance.one', {}),
      'a small database in dev': planWith('olechka/dev/eu-central-1/storage/aurora', 'aws_rds_cluster_instance.one', {
        instance_class: 'db.t3.medium',
      }),
      'a large database in production': planWith('olechka/production/eu-central-1/storage/aurora', 'aws_rds_cluster_instance.one', {
        instance_class: 'db.r6g.xlarge',
      }),
    },
    refuses: {
      'the VPC that the account came with': planWith('olechka/dev/eu-central-1/network/vpc', 'aws_default_vpc.one', {}),
      'a reservation in dev': planWith('olechka/dev/eu-central-1/storage/aurora', 'aws_rds_reserved_instance.one', {}),
      'a user with a key': planWith('pro-mata/prod/us-east-1/security/admin-access', 'aws_iam_access_key.deploy', { user: 'deploy' }),
      'a large database in staging': planWith('olechka/staging/eu-central-1/storage/aurora', 'aws_rds_cluster_instance.one', {
        instance_class: 'db.r6g.2xlarge',
      }),
    },
  },
});
