import type { CloudRecord } from '../../cloud/record';
import type { DataBehaviour } from '../../engine/context';
import { Refusal } from '../../engine/refusal';

/** A secret as one region sees it: the original, or the replica that a `replica` block of another region's secret makes. */
interface SeenSecret {
  readonly name: string;
  readonly arn: string;
  readonly kms_key_id: string;
  readonly description: string;
}

/** `data.aws_secretsmanager_secret`: finds secrets and replicas of the connection's account and region by name or ARN. */
export const secretDataSource: DataBehaviour = ({ provider, settings }, config) => {
  const { account = '' } = settings.values;
  const region = String(config['region'] ?? settings.values['region'] ?? '');
  const records = provider.cloud
    .list(provider.name, 'aws_secretsmanager_secret')
    .filter(({ record }) => record.scope.startsWith(`${account}/`));
  const seen = records.flatMap(({ record }) => seenFrom(record, region));
  const found = seen.find(({ name, arn }) => (config['arn'] ?? arn) === arn && (config['name'] ?? name) === name);
  if (found === undefined)
    throw new Refusal(
      'reading aws_secretsmanager_secret',
      `no matching aws_secretsmanager_secret found with ${typeof config['arn'] === 'string' ? `arn "${config['arn']}"` : `name "${String(config['name'] ?? '')}"`}`,
    );
  return { id: found.arn, ...found };
};

function seenFrom(record: CloudRecord, region: string): readonly SeenSecret[] {
  const { values } = record;
  const text = (name: string): string => (typeof values[name] === 'string' ? values[name] : '');
  const original = { name: text('name'), arn: text('arn'), kms_key_id: text('kms_key_id'), description: text('description') };
  const home = original.arn.split(':')[3] ?? '';
  if (home === region) return [original];
  const replicas: readonly unknown[] = Array.isArray(values['replica']) ? values['replica'] : [];
  return replicas.flatMap((replica) => {
    if (typeof replica !== 'object' || replica === null || !('region' in replica) || replica.region !== region) return [];
    const key = 'kms_key_id' in replica && typeof replica.kms_key_id === 'string' ? replica.kms_key_id : '';
    return [{ ...original, arn: original.arn.replace(`:${home}:`, `:${region}:`), kms_key_id: key }];
  });
}
