import type { ProviderKind, Settings } from '../../engine/context';
import { isObject, isUnknown, textOf, unknown, type ObjectValue, type Value } from '../../protocol/value';
import type { Schema } from '../../schema/schema';
import { arnTemplate } from './arns';
import { awsBorn } from './born';
import { configureAws } from './configure';
import { awsDataSources } from './data-sources';
import { endpointNames } from './endpoint-names';
import { furnishAws } from './default-network';
import { awsEphemeral } from './ephemeral';
import { awsFunctions } from '../functions';
import { withoutSecret } from './managed-secret';
import { ownPart } from './own-parts';
import { isOwnedByAws, ownedByAws } from './owned';
import { followsAws, placedAws } from './placed';
import { awsResources } from './resources';

export const awsKind: ProviderKind = {
  configure: configureAws,
  settingsOf,
  predict: (path, attribute, attributes, settings) => {
    if (path === 'region' && attribute.computed === true) return settings.values['region'];
    return path === 'tags_all' ? allTags(attributes['tags'] ?? null, settings.defaultTags) : undefined;
  },
  computed: (path, type, attributes) =>
    type === 'aws_vpc_endpoint' && path === 'dns_entry'
      ? endpointNames(attributes)
      : path === 'arn'
        ? arnTemplate(type, attributes)
        : type === 'aws_apigatewayv2_stage' && path === 'invoke_url'
          ? `https://{api_id}.execute-api.{region}.{dnsSuffix}/${attributes['name'] === '$default' ? '' : '{name}'}`
          : (withoutSecret(path, attributes) ??
            ofKey(path, type, attributes) ??
            ipv6Block(path, type, attributes) ??
            ownPart(path, type, attributes)),
  placed: placedAws,
  follows: followsAws,
  functions: awsFunctions,
  ephemeral: awsEphemeral,
  born: awsBorn,
  selects: (type, argument, wanted) =>
    type === 'aws_ecs_task_definition' && argument === 'task_definition'
      ? ({ values }) => values['arn'] === wanted || values['family'] === wanted || String(values['arn']).endsWith(`/${wanted}`)
      : undefined,
  furnish: furnishAws,
  owned: ownedByAws,
  owns: isOwnedByAws,
  forceNew: ['region'],
  manyIdForms: true,
  namesUnnamed: true,
  idTemplate: (type, schema) =>
    schema.block.attributes?.['name'] === undefined ? `${type.slice(4).replaceAll('_', '-')}-{hex:17}` : '{name|hex:17}',
  emptyText: '',
  resources: awsResources,
  dataSources: awsDataSources,
};

/** What follows from the material of a key: the kind of a key pair, whether an external key waits for its import; and when a certificate ends. */
function ofKey(path: string, type: string, attributes: ObjectValue): string | undefined {
  if (type === 'aws_key_pair' && path === 'key_type')
    return (textOf(attributes['public_key']) ?? '').startsWith('ssh-ed25519') ? 'ed25519' : 'rsa';
  // A certificate of ACM is good for thirteen months (ACM user guide, "Certificate characteristics").
  if (type === 'aws_acm_certificate' && path === 'not_after' && textOf(attributes['certificate_body']) === undefined)
    return new Date(Date.now() + 395 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
  if (!/^aws_kms_(replica_)?external_key$/.test(type)) return undefined;
  const isImported = attributes['key_material_base64'] !== null;
  if (path === 'key_state') return isImported ? (attributes['enabled'] === false ? 'Disabled' : 'Enabled') : 'PendingImport';
  if (path !== 'expiration_model') return undefined;
  return !isImported ? '' : attributes['valid_to'] === null ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES';
}

/** The IPv6 block of a VPC and its association with it or with a subnet; there is none that nobody asked for. */
function ipv6Block(path: string, type: string, attributes: ObjectValue): string | undefined {
  const part = { ipv6_association_id: 'vpc', ipv6_cidr_block_association_id: 'subnet' }[path];
  const isOfVpc = type === 'aws_vpc' && (path === 'ipv6_cidr_block' || path === 'ipv6_cidr_block_network_border_group');
  if (part === undefined && !isOfVpc) return undefined;
  const asked = [
    attributes['assign_generated_ipv6_cidr_block'],
    textOf(attributes['ipv6_ipam_pool_id']),
    textOf(attributes['ipv6_cidr_block']),
  ];
  if (!asked.some((one) => one === true || (typeof one === 'string' && one !== ''))) return '';
  return part === undefined
    ? path === 'ipv6_cidr_block'
      ? '2a05:d014:{hex:3}:{hex:2}00::/56'
      : '{region}'
    : `${part}-cidr-assoc-{hex:17}`;
}

/** Since version 6 most resources have a region of their own; those without one are the same in every region. */
function settingsOf(settings: Settings, attributes: ObjectValue, schema: Schema): Settings {
  const regional = schema.block.attributes?.['region'] !== undefined;
  const region = textOf(attributes['region']);
  if (regional && (region === undefined || region === settings.values['region'])) return settings;
  const account = settings.values['account'] ?? '';
  return regional && region !== undefined
    ? { ...settings, scope: `${account}/${region}`, values: { ...settings.values, region } }
    : { ...settings, scope: `${account}/global` };
}

/** Default tags under the resource's own; unknown while a tag's key is not known. */
function allTags(tags: Value, defaults: Readonly<Record<string, string>>): Value {
  if (isUnknown(tags)) return unknown;
  return { ...defaults, ...(isObject(tags) ? Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== null)) : {}) };
}
