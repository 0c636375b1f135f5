import type { CloudRecord } from '../cloud/record';
import type { ResourceCall } from './context';
import { equals } from './matching';
import { relatedAttribute } from './related';
import type { Target } from './target';

/**
 * What other resources tie to one: the subnets of a route table, by `aws_route_table_association`. Undefined where no type of such a name has
 * both an attribute that names the resource and the one that is asked for.
 */
export function linkedValues(call: ResourceCall, target: Target, name: string): ((record: CloudRecord) => string[]) | undefined {
  const { cloud, name: provider, schemas } = call.provider;
  const [type = ''] = target.types;
  const short = `${provider}_${type.split('_').at(-1) ?? ''}`;
  for (const link of [`${type}_association`, `${type}_attachment`, `${short}_association`, `${short}_attachment`]) {
    const attributes = schemas.resource(link)?.block.attributes ?? {};
    const end = Object.keys(attributes).find((one) => !/^(id|arn|region)$/.test(one) && relatedAttribute(type, target.block, one) === 'id');
    const asked = [name, `${name}_name`].find((one) => attributes[one] !== undefined);
    if (asked === undefined || end === undefined) continue;
    return (record) =>
      cloud
        .list(provider, link, record.scope)
        .filter(({ record: { values } }) => equals(values[end], record.id))
        .map(({ record: { values } }) => String(values[asked] ?? ''));
  }
  return undefined;
}

/**
 * The same by any type that ties resources of this one to others: the network security group of a subnet, by
 * `azurerm_subnet_network_security_group_association`. Undefined where no such type has an attribute of that name.
 */
export function tiedValues(call: ResourceCall, target: Target, name: string): ((record: CloudRecord) => string[]) | undefined {
  const { cloud, name: provider, schemas } = call.provider;
  const [type = ''] = target.types;
  const own = type.slice(provider.length + 1);
  const stem = name.replace(/_(id|arn|name)s?$/, '');
  const links = ['association', 'attachment'].flatMap((end) => [
    `${type}_${stem}_${end}`,
    `${type}_${stem.replace(/^network_/, '')}_${end}`,
  ]);
  const link = links.find((one) => schemas.resource(one)?.block.attributes?.[`${own}_id`] !== undefined);
  const asked = [name, name.replace(/s$/, '')].find((one) => schemas.resource(link ?? '')?.block.attributes?.[one] !== undefined);
  if (link === undefined || asked === undefined) return undefined;
  return (record) =>
    cloud
      .list(provider, link, record.scope)
      .filter(({ record: { values } }) => equals(values[`${own}_id`], record.id))
      .map(({ record: { values } }) => String(values[asked] ?? ''));
}
