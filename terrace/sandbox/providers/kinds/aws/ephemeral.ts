import type { ProviderKind } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { ownedByAws } from './owned';
import { awsLookups } from './lookups';

type Ephemeral = NonNullable<ProviderKind['ephemeral']>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Secrets as ephemeral resources give them: the same values as the data sources, kept nowhere. */
export const awsEphemeral: Ephemeral = {
  aws_secretsmanager_secret_version: ({ provider, settings }, config) => {
    const wanted = text(config['secret_id']);
    const version = text(config['version_id']);
    const secret = provider.cloud
      .list(provider.name, 'aws_secretsmanager_secret', settings.scope)
      .find(({ record }) => [record.id, record.values['arn'], record.values['name']].includes(wanted))?.record;
    const found = provider.cloud
      .list(provider.name, 'aws_secretsmanager_secret_version', settings.scope)
      .map(({ record }) => record.values)
      .findLast(
        (values) => [wanted, secret?.id].includes(text(values['secret_id'])) && (version === '' || values['version_id'] === version),
      );
    if (found === undefined)
      throw new Refusal('opening aws_secretsmanager_secret_version', `no version of ${JSON.stringify(wanted)} found`);
    return {
      arn: text(found['arn']) || wanted,
      created_date: '2026-01-01T00:00:00Z',
      secret_binary: text(found['secret_binary']),
      secret_string: text(found['secret_string']),
      version_id: text(found['version_id']),
      version_stage: text(config['version_stage']) || 'AWSCURRENT',
      version_stages: ['AWSCURRENT'],
      region: settings.values['region'] ?? null,
    };
  },
  aws_ssm_parameter: ({ provider, settings }, config) => {
    const arn = text(config['arn']);
    const name = arn.replace(/^arn:[^:]+:ssm:[^:]*:[^:]*:parameter/, '');
    const own = provider.cloud
      .list(provider.name, 'aws_ssm_parameter', settings.scope)
      .map(({ record }) => record.values)
      .find((values) => values['arn'] === arn);
    const found = own ?? ownedByAws(settings, 'aws_ssm_parameter', { name })[0]?.values;
    if (found === undefined) throw new Refusal('opening aws_ssm_parameter', `no parameter ${JSON.stringify(arn)} found`);
    return {
      name: text(found['name']),
      type: text(found['type']),
      value: text(found['value']) || text(found['insecure_value']),
      version: Number(found['version'] ?? 1),
      region: settings.values['region'] ?? null,
    };
  },
  aws_eks_cluster_auth: async (call, config) => {
    const { token = null } = (await awsLookups['aws_eks_cluster_auth']?.(call, config)) ?? {};
    return { token, region: call.settings.values['region'] ?? null };
  },
};
