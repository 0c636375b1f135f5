import type { CloudRecord } from '../../cloud/record';
import type { DataBehaviour, ResourceCall } from '../../engine/context';
import { familyOf } from '../../engine/family';
import { Refusal } from '../../engine/refusal';
import { RandomStream } from '../../values/random-stream';
import { serviceKeyId } from './owned';

function records(call: ResourceCall, type: string): CloudRecord[] {
  return call.provider.cloud.list(call.provider.name, type, call.settings.scope).map(({ record }) => record);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Data sources of aws that find more than one kind of thing, or by more than attributes. */
export const awsLookups: Readonly<Record<string, DataBehaviour>> = {
  /** A key by its id or ARN, or by the name or ARN of an alias; keys of services have aliases only. */
  aws_kms_key: (call, config) => {
    const asked = text(config['key_id']);
    const { account = '', region = '', partition = '' } = call.settings.values;
    const alias = /(?:^|:)(alias\/.+)$/.exec(asked)?.[1];
    const service = /^alias\/aws\/(.+)$/.exec(alias ?? '')?.[1];
    const arnOf = (id: string): string => `arn:${partition}:kms:${region}:${account}:key/${id}`;
    const common = {
      aws_account_id: account,
      key_id: asked,
      enabled: true,
      key_state: 'Enabled',
      key_usage: 'ENCRYPT_DECRYPT',
      key_spec: 'SYMMETRIC_DEFAULT',
      customer_master_key_spec: 'SYMMETRIC_DEFAULT',
      deletion_date: '',
      valid_to: '',
      expiration_model: '',
      custom_key_store_id: '',
      cloud_hsm_cluster_id: '',
    };
    if (service !== undefined) {
      const id = serviceKeyId(account, region, service);
      return {
        ...common,
        id,
        arn: arnOf(id),
        key_manager: 'AWS',
        origin: 'AWS_KMS',
        multi_region: false,
        description: `Default key that protects my ${service} data when no other key is defined`,
        multi_region_configuration: [],
      };
    }
    const target = alias === undefined ? undefined : records(call, 'aws_kms_alias').find(({ values }) => values['name'] === alias);
    const wanted = target === undefined ? asked : text(target.values['target_key_id']);
    const last = wanted.split('/').at(-1);
    const key = familyOf(call.provider, 'aws_kms_key')
      .flatMap((type) => records(call, type))
      .find(({ id }) => (alias === undefined || target !== undefined ? id === last : false));
    if (key === undefined) throw new Refusal(`reading KMS Key (${asked})`, 'couldn’t find resource', 'key_id');
    return {
      ...common,
      id: key.id,
      arn: text(key.values['arn']) || arnOf(key.id),
      key_manager: 'CUSTOMER',
      origin: key.type.includes('external') ? 'EXTERNAL' : 'AWS_KMS',
      description: text(key.values['description']),
      multi_region: key.values['multi_region'] === true || key.id.startsWith('mrk-'),
      enabled: key.values['is_enabled'] !== false && key.values['enabled'] !== false,
      key_usage: text(key.values['key_usage']) || 'ENCRYPT_DECRYPT',
      multi_region_configuration: [],
    };
  },
  aws_vpc_security_group_rules: (call, config) => {
    const wanted = Array.isArray(config['filter']) ? config['filter'] : [];
    const groups = wanted.flatMap((one: unknown) =>
      typeof one === 'object' && one !== null && 'name' in one && one.name === 'group-id' && 'values' in one && Array.isArray(one.values)
        ? one.values.map(String)
        : [],
    );
    const rules = ['aws_vpc_security_group_ingress_rule', 'aws_vpc_security_group_egress_rule', 'aws_security_group_rule'].flatMap((type) =>
      records(call, type),
    );
    return {
      id: call.settings.values['region'] ?? '',
      ids: rules
        .filter(({ values }) => groups.length === 0 || groups.includes(text(values['security_group_id'])))
        .map(({ id, values }) => text(values['security_group_rule_id']) || id),
    };
  },
  aws_eks_cluster_auth: (call, config) => ({
    id: text(config['name']),
    token: `k8s-aws-v1.${Buffer.from(`sandbox ${call.settings.scope} ${text(config['name'])}`).toString('base64url')}`,
  }),
  aws_ecr_authorization_token: ({ settings: { values } }, config) => {
    const registry = text(config['registry_id']) || (values['account'] ?? '');
    const password = new RandomStream(`registry token ${registry}`).hex(64);
    return {
      id: values['region'] ?? '',
      user_name: 'AWS',
      password,
      authorization_token: Buffer.from(`AWS:${password}`).toString('base64'),
      proxy_endpoint: `https://${registry}.dkr.ecr.${values['region'] ?? ''}.amazonaws.com`,
      expires_at: '2099-01-01T00:00:00Z',
    };
  },
  aws_ecs_container_definition: (call, config) => {
    const wanted = text(config['task_definition']);
    const task = records(call, 'aws_ecs_task_definition').findLast(
      ({ id, values }) =>
        values['arn'] === wanted ||
        values['family'] === wanted ||
        id === wanted ||
        `${String(values['family'])}:${String(values['revision'])}` === wanted,
    );
    const parsed: unknown = task === undefined ? [] : JSON.parse(text(task.values['container_definitions']) || '[]');
    const one: unknown = Array.isArray(parsed)
      ? parsed.find(
          (container: unknown) =>
            typeof container === 'object' && container !== null && 'name' in container && container.name === config['container_name'],
        )
      : undefined;
    if (typeof one !== 'object' || one === null)
      throw new Refusal(
        `reading ${call.type}`,
        `container with name ${JSON.stringify(config['container_name'])} not found in task definition ${JSON.stringify(wanted)}`,
      );
    const container: Readonly<Record<string, unknown>> = { ...one };
    const pairs = Array.isArray(container['environment']) ? container['environment'] : [];
    const image = text(container['image']);
    return {
      id: `${wanted}/${text(config['container_name'])}`,
      image,
      image_digest: image.split(':').slice(1).join(':'),
      cpu: Number(container['cpu'] ?? 0),
      memory: Number(container['memory'] ?? 0),
      memory_reservation: Number(container['memoryReservation'] ?? 0),
      disable_networking: container['disableNetworking'] === true,
      environment: Object.fromEntries(
        pairs.flatMap((pair: unknown) =>
          typeof pair === 'object' && pair !== null && 'name' in pair && 'value' in pair ? [[String(pair.name), String(pair.value)]] : [],
        ),
      ),
      docker_labels: {},
    };
  },
};
