import type { DataBehaviour } from '../../engine/context';
import { tagsOf } from '../../engine/matching';
import { isList, isObject } from '../../protocol/value';
import { strings } from './arguments';

/** What has tags in the account and region of the connection, by ARN, kind (`ec2:instance`, `s3`) and tags; `[]` where nothing fits. */
export const taggedResources: DataBehaviour = ({ provider, settings }, config) => {
  const [account = '', region = ''] = settings.scope.split('/');
  const filters = (isList(config['tag_filter'] ?? null) ? (config['tag_filter'] as readonly unknown[]) : [])
    .filter((one) => isObject(one as never))
    .map((one) => ({ ...(one as Readonly<Record<string, unknown>>) }))
    .map((one) => ({ key: String(one['key'] ?? ''), values: strings(one['values']) }));
  const kinds = strings(config['resource_type_filters']);
  const arns = strings(config['resource_arn_list']);
  const found = provider.cloud
    .allKeys()
    .filter((key) => key.startsWith(`${provider.name}/${account}/`))
    .flatMap((key) => provider.cloud.read(key) ?? [])
    .flatMap((record) => {
      const arn = String(record.values['arn'] ?? '');
      const tags = tagsOf(record);
      const [, , , place = ''] = arn.split(':');
      const fits =
        arn.startsWith('arn:') &&
        Object.keys(tags).length > 0 &&
        (place === '' || place === region) &&
        (kinds.length === 0 || kinds.some((kind) => isOfKind(arn, kind))) &&
        (arns.length === 0 || arns.includes(arn)) &&
        filters.every(({ key, values }) => tags[key] !== undefined && (values.length === 0 || values.includes(String(tags[key]))));
      return fits ? [{ resource_arn: arn, tags, compliance_details: [] }] : [];
    });
  return {
    id: account,
    resource_tag_mapping_list: found
      .sort((left, right) => (left.resource_arn < right.resource_arn ? -1 : 1))
      .map(({ tags, ...one }) => ({
        ...one,
        tags: Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)])),
      })),
  };
};

/** Whether an ARN is of a service (`s3`), or of one of its kinds (`ec2:instance`, `elasticloadbalancing:loadbalancer`). */
function isOfKind(arn: string, kind: string): boolean {
  const [, , service = '', , , ...rest] = arn.split(':');
  const [wanted = '', type = ''] = kind.split(':');
  return service === wanted && (type === '' || new RegExp(`^${type.replaceAll(/[^\w/-]/g, '')}(?:[/:]|$)`).test(rest.join(':')));
}
