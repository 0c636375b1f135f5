import type { CloudKey, CloudRecord } from '../../cloud/record';
import type { ResourceBehaviour, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { fromJson, toJson } from '../../protocol/json';
import { isUnknown, type ObjectValue } from '../../protocol/value';
import { typeOfAttribute } from '../../schema/schema';
import { furnishAws } from './default-network';

interface Held {
  readonly key: CloudKey;
  readonly record: CloudRecord;
}

/** Which default thing a resource of aws takes into terraform's care. */
const choices: Readonly<Record<string, (record: CloudRecord, planned: ObjectValue, vpc: string) => boolean>> = {
  aws_default_vpc: (record) => record.hidden?.['default'] === true,
  aws_default_subnet: (record, planned) =>
    record.hidden?.['default_for_az'] === true && record.values['availability_zone'] === planned['availability_zone'],
  aws_default_security_group: (record, planned, vpc) =>
    record.values['name'] === 'default' && record.values['vpc_id'] === (typeof planned['vpc_id'] === 'string' ? planned['vpc_id'] : vpc),
  aws_default_route_table: (record, planned) => record.id === planned['default_route_table_id'],
  aws_default_network_acl: (record, planned) => record.id === planned['default_network_acl_id'],
  aws_default_vpc_dhcp_options: (record) => record.hidden?.['default'] === true,
};

/** `aws_default_*`: creating adopts what is there, with its id; destroying leaves it there. */
export const adoptedResources: Readonly<Record<string, ResourceBehaviour>> = Object.fromEntries(
  Object.keys(choices).map((type): [string, ResourceBehaviour] => [
    type,
    {
      create: (call, planned) => {
        const held = find(call, planned);
        if (held === undefined)
          throw new Refusal(`creating ${type}`, `there is no ${adoptedType(type)} of this account and region to adopt`);
        write(call, held, planned);
        return fill(call, planned, held.record);
      },
      update: (call, planned, prior) => {
        const held = call.provider.cloud
          .list(call.provider.name, adoptedType(type), call.settings.scope)
          .find(({ record }) => record.id === prior['id']);
        if (held !== undefined) write(call, held, planned);
        return planned;
      },
    },
  ]),
);

function adoptedType(type: string): string {
  return type.replace('aws_default_', 'aws_');
}

/** The default thing that is there; that of the account's default VPC is made where nothing else fits. */
function find(call: ResourceCall, planned: ObjectValue): Held | undefined {
  const { provider, settings, type } = call;
  const list = (one: string): Held[] => provider.cloud.list(provider.name, one, settings.scope);
  const existing = (): Held | undefined => {
    const vpc = list('aws_vpc').find(({ record }) => record.hidden?.['default'] === true)?.record.id ?? '';
    return list(adoptedType(type)).find(({ record }) => choices[type]?.(record, planned, vpc) === true);
  };
  const there = existing();
  if (there !== undefined) return there;
  furnishAws(provider, settings, 'aws_vpc');
  return existing();
}

/** Computed values are those of the adopted thing. */
function fill(call: ResourceCall, planned: ObjectValue, record: CloudRecord): ObjectValue {
  const attributes = call.schema.block.attributes ?? {};
  const taken = Object.entries(attributes).flatMap(([name, attribute]) => {
    const value = name === 'id' ? record.id : record.values[name];
    return isUnknown(planned[name]) && value !== undefined ? [[name, fromJson(value, typeOfAttribute(attribute))] as const] : [];
  });
  return { ...planned, ...Object.fromEntries(taken) };
}

/** What the configuration says of it, its tags and rules, is what data sources find. */
function write(call: ResourceCall, { key, record }: Held, planned: ObjectValue): void {
  const block = call.provider.schemas.resource(record.type)?.block;
  const said = Object.entries(planned).filter(
    ([name, value]) =>
      value !== null &&
      !isUnknown(value) &&
      name !== 'id' &&
      (block?.attributes?.[name] !== undefined || block?.block_types?.[name] !== undefined),
  );
  call.provider.cloud.update(key, {
    ...record,
    hidden: { ...record.hidden, furnished: false },
    values: { ...record.values, ...Object.fromEntries(said.map(([name, value]) => [name, toJson(value)])) },
  });
}
