import { isKnown, planWith, policy, written } from 'terrace/policy';

/** Names that are unique in the world, so that they must say whose and where. */
const worldwide = new Set(['aws_s3_bucket', 'azurerm_storage_account', 'azurerm_key_vault']);

const form = /^[a-z0-9][a-zA-Z0-9._/-]*$/;

export default policy({
  id: 'naming',
  severity: 'warn',
  explain:
    'Names are read in bills and logs, and at night. Use lower case with hyphens; a globally unique name also includes its environment or account.',
  check: (plan) =>
    [...written(plan)].flatMap(({ unit, change, after }) => {
      if (change.action === 'update') return [];
      const name = after['bucket'] ?? after['name'];
      if (!isKnown(name) || typeof name !== 'string' || change.type === 'cloudflare_dns_record' || change.type.startsWith('aws_route53'))
        return [];
      const place = { unit: unit.path, address: change.address };
      if (worldwide.has(change.type)) {
        const says = name.includes(unit.environment) || name.includes(unit.environment.slice(0, 4)) || /\d{12}/.test(name);
        return says && form.test(name) ? [] : [{ message: `${name} does not say which environment or account it belongs to`, ...place }];
      }
      return /\s/.test(name) && /^(?:aws_(?:iam_role|iam_policy|lb|ecs_cluster|ecs_service|kms_alias)|hcloud_)/.test(change.type)
        ? [{ message: `"${name}" holds a blank`, ...place }]
        : [];
    }),
  test: {
    holds: {
      'a bucket with its environment': planWith('olechka/dev/eu-central-1/storage/s3-artifacts', 'aws_s3_bucket.artifacts', {
        bucket: 'ai-tools-artifacts-dev-eu-central-1',
      }),
      'a state bucket with its account': planWith('olechka/dev/eu-central-1/backend/state', 'aws_s3_bucket.state', {
        bucket: 'terraform-state-123456789012-eu-central-1',
      }),
    },
    refuses: {
      'a bucket of nowhere': planWith('olechka/dev/eu-central-1/storage/s3-artifacts', 'aws_s3_bucket.artifacts', { bucket: 'artifacts' }),
      'a role with a blank': planWith('olechka/dev/global/iam/github-oidc', 'aws_iam_role.plan', { name: 'plan role' }),
    },
  },
});
