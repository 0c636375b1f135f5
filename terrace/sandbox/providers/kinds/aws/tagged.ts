import type { DataBehaviour } from '../../engine/context';
import { tagsOf } from '../../engine/matching';
import { isObject, type Value } from '../../protocol/value';

const textsOf = (value: Value | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** Everything of one account and region that bears tags, by its type (`kms:key`, or `kms` for all of a service) and its tags. */
export const taggedResources: DataBehaviour = (call, config) => {
  const { cloud, name } = call.provider;
  const types = textsOf(config['resource_type_filters']);
  const arns = textsOf(config['resource_arn_list']);
  const filters = Array.isArray(config['tag_filter']) ? config['tag_filter'].filter(isObject) : [];
  const found = cloud.allKeys().flatMap((key) => {
    const record = key.startsWith(`${name}/${call.settings.scope}/`) ? cloud.read(key) : undefined;
    const arn = record?.values['arn'];
    if (record === undefined || typeof arn !== 'string') return [];
    const [, , service = '', , , resource = ''] = arn.split(':');
    const tags = Object.fromEntries(Object.entries(tagsOf(record)).map(([tag, value]) => [tag, String(value)]));
    const isWanted =
      (types.length === 0 || types.some((type) => type === service || type === `${service}:${resource.split('/')[0] ?? ''}`)) &&
      (arns.length === 0 || arns.includes(arn)) &&
      filters.every((filter) => {
        const values = textsOf(filter['values']);
        const value = tags[String(filter['key'])];
        return value !== undefined && (values.length === 0 || values.includes(value));
      });
    return isWanted ? [{ resource_arn: arn, tags, compliance_details: [] }] : [];
  });
  return {
    id: call.settings.values['partition'] ?? 'aws',
    resource_tag_mapping_list: found.toSorted((a, b) => (a.resource_arn < b.resource_arn ? -1 : 1)),
  };
};
