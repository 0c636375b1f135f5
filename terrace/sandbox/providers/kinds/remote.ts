import type { Caller, ProviderKind, Settings } from '../engine/context';
import { addedAnswer } from '../engine/data';
import { Refusal } from '../engine/refusal';
import { isList, isObject, isUnknown, textOf, unknown, type ObjectValue, type Value } from '../protocol/value';
import { azureBorn, azureFacts, azureResources, ownedByAzure, subscription } from './azure/held';
import { followsAzure } from './azure/described';
import { placedAzure } from './azure/placed';
import { furnishGoogle } from './google/default-network';
import { googleBorn, googleFacts, googleResources, ownedByGoogle } from './google/held';
import { followsGoogle, placedGoogle } from './google/placed';
import { nameServers } from './google/name-servers';
import { projectNumber } from './google/project-number';
import { furnishKubernetes, kubernetesResources } from './kubernetes-held';
import { placedKubernetes } from './kubernetes-placed';
import { googleSuffix } from '../values/unique-name';
import { azurermFunctions, googleFunctions } from './functions';
import { plainKind } from './plain';

const noId = '00000000-0000-0000-0000-000000000000';

const settings = (scope: string, values: Readonly<Record<string, string>>): Settings => ({ scope, values, defaultTags: {} });
const from = (config: ObjectValue, caller: Caller, attribute: string, ...variables: readonly string[]): string | undefined =>
  [textOf(config[attribute]), ...variables.map((name) => caller.environment[name])].find((value) => value !== undefined && value !== '');

/** Azure: resources live in a subscription; ids are paths. */
export const azurermKind: ProviderKind = plainKind(
  {},
  {
    configure: (config, caller) => {
      const subscription = from(config, caller, 'subscription_id', 'ARM_SUBSCRIPTION_ID') ?? noId;
      if (!/^[0-9a-f-]{36}$/i.test(subscription))
        throw new Refusal('building account', `subscription_id ${JSON.stringify(subscription)} is no UUID`, 'subscription_id');
      return settings(subscription, {
        subscription,
        tenant: from(config, caller, 'tenant_id', 'ARM_TENANT_ID') ?? noId,
        client: from(config, caller, 'client_id', 'ARM_CLIENT_ID') ?? noId,
      });
    },
    emptyText: '',
    functions: azurermFunctions,
    born: azureBorn,
    resources: azureResources,
    owned: ownedByAzure,
    placed: placedAzure,
    // What a resource points to is a path that nobody made; what the service counts its things by is a UUID.
    idOf: (name, random) =>
      /^(workspace|immutable|app|job|metric|custom_domain_verification|resource)_id$/.test(name) ? random.uuid() : '',
    follows: followsAzure,
    // Ids are paths: what an attribute does not say, such as the group of a child, stands there.
    selects: (_, argument, wanted) =>
      argument === 'resource_group_name'
        ? ({ id, values }) =>
            (values['resource_group_name'] ?? '') === wanted || id.toLowerCase().includes(`/resourcegroups/${wanted.toLowerCase()}/`)
        : undefined,
    manyIdForms: true,
    idTemplate: (type, schema) => {
      const kind = type.slice('azurerm_'.length).replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      const group = schema.block.attributes?.['resource_group_name'] === undefined ? '' : '/resourceGroups/{resource_group_name}';
      return `/subscriptions/{subscription}${group}/providers/Microsoft.Resources/${kind}/{name|uuid}`;
    },
    dataSources: {
      ...azureFacts,
      azurerm_client_config: ({ settings: { values } }) => ({
        id: values['subscription'] ?? noId,
        subscription_id: values['subscription'] ?? noId,
        tenant_id: values['tenant'] ?? noId,
        client_id: values['client'] ?? noId,
        object_id: noId,
      }),
      azurerm_subscription: ({ settings: { values } }, config) =>
        subscription({ ...values, subscription: textOf(config['subscription_id']) ?? values['subscription'] ?? noId }).values,
    },
  },
);

/** Kubernetes: one cluster per host or context; ids are `namespace/name`. */
export const kubernetesKind: ProviderKind = plainKind(
  {},
  {
    configure: (config) => settings(clusterOf(config), {}),
    emptyText: '',
    resources: kubernetesResources,
    placed: placedKubernetes,
    furnish: furnishKubernetes,
    // Nodes join a cluster by themselves: there are those that somebody made known.
    dataSources: { kubernetes_nodes: (call, config) => addedAnswer(call, config) ?? { id: 'nodes', nodes: [] } },
    idTemplate: (_, schema) =>
      schema.block.block_types?.['metadata'] === undefined
        ? '{hex:20}'
        : // What belongs to the cluster itself has no namespace.
          schema.block.block_types['metadata'].block.attributes?.['namespace'] === undefined
          ? '{metadata.name}'
          : "{metadata.namespace|'default'}/{metadata.name}",
  },
);

export const helmKind: ProviderKind = plainKind(
  {},
  {
    configure: (config) => settings(isObject(config['kubernetes'] ?? null) ? clusterOf(config['kubernetes'] as ObjectValue) : '-', {}),
    idTemplate: () => '{name}',
  },
);

/** Google: resources live in a project; ids are paths. */
export const googleKind: ProviderKind = plainKind(
  {},
  {
    configure: (config, caller) => {
      const project = from(config, caller, 'project', 'GOOGLE_PROJECT', 'GOOGLE_CLOUD_PROJECT', 'GCLOUD_PROJECT') ?? 'sandbox';
      const region = from(config, caller, 'region', 'GOOGLE_REGION') ?? 'europe-west3';
      return {
        ...settings(project, { project, region, zone: from(config, caller, 'zone', 'GOOGLE_ZONE') ?? `${region}-a` }),
        defaultTags: labelsOf(config['default_labels']),
      };
    },
    predict: (path, attribute, attributes, { values, defaultTags }) =>
      attribute.computed !== true
        ? undefined
        : path === 'project' || path === 'region' || path === 'zone'
          ? values[path]
          : path === 'effective_labels' || path === 'terraform_labels'
            ? allLabels(attributes['labels'] ?? null, defaultTags, attributes[path] ?? null)
            : undefined,
    settingsOf: (known, attributes) => {
      const own = Object.fromEntries(
        ['project', 'region', 'zone'].flatMap((name) => {
          const value = textOf(attributes[name]);
          return value === undefined || value === '' || value === known.values[name] ? [] : [[name, value.split('/').at(-1) ?? value]];
        }),
      );
      return Object.keys(own).length === 0
        ? known
        : { ...known, scope: own['project'] ?? known.scope, values: { ...known.values, ...own } };
    },
    nameSuffix: googleSuffix,
    namesUnnamed: true,
    functions: googleFunctions,
    born: googleBorn,
    owned: ownedByGoogle,
    furnish: furnishGoogle,
    resources: googleResources,
    placed: placedGoogle,
    idOf: (_, random) => random.digits(19),
    follows: followsGoogle,
    computed: (path, type, attributes) =>
      path === 'name_servers' && type === 'google_dns_managed_zone'
        ? nameServers(attributes)
        : path === 'self_link' && type.startsWith('google_compute_')
          ? 'https://www.googleapis.com/compute/v1/{id}'
          : (type === 'google_sql_database_instance' || type === 'google_sql_database') && path === 'self_link'
            ? 'https://sqladmin.googleapis.com/sql/v1beta4/{id}'
            : type === 'google_sql_database_instance' && path === 'connection_name'
              ? '{project}:{region}:{name}'
              : path === 'trigger_id'
                ? '{uuid}'
                : path === 'folder_id'
                  ? '{name:last}'
                  : undefined,
    emptyText: '',
    manyIdForms: true,
    idTemplate: (type) => `projects/{project}/${type.slice('google_'.length).replaceAll('_', '-')}s/{name|hex:12}`,
    dataSources: {
      ...googleFacts,
      google_client_config: ({ settings: { values } }) => ({
        project: values['project'] ?? '',
        region: values['region'] ?? '',
        zone: values['zone'] ?? '',
        access_token: 'sandbox',
      }),
      google_project: ({ settings: { values } }, config) => ({
        project_id: config['project_id'] ?? values['project'] ?? '',
        id: `projects/${textOf(config['project_id']) ?? values['project'] ?? ''}`,
        name: config['project_id'] ?? values['project'] ?? '',
        number: projectNumber(textOf(config['project_id']) ?? values['project'] ?? ''),
        billing_account: '',
        deletion_policy: 'PREVENT',
        folder_id: '',
        org_id: '',
        auto_create_network: true,
      }),
    },
  },
);

/** GitHub: resources live under an owner; most ids are names. */
export const githubKind: ProviderKind = plainKind(
  {},
  {
    configure: (config, caller) => {
      const owner = from(config, caller, 'owner', 'GITHUB_OWNER') ?? 'sandbox';
      return settings(owner, { owner });
    },
    emptyText: '',
    idTemplate: (_, schema) => (schema.block.attributes?.['repository'] === undefined ? '{name|digits:8}' : '{repository}:{name|digits:8}'),
  },
);

export const pagerdutyKind: ProviderKind = plainKind({}, { idTemplate: () => 'P{BASE36:6}', emptyText: '' });
export const sentryKind: ProviderKind = plainKind(
  {},
  { idTemplate: (_, schema) => (schema.block.attributes?.['slug'] === undefined ? '{digits:7}' : '{slug|name:slug}') },
);
export const betteruptimeKind: ProviderKind = plainKind({}, { idTemplate: () => '{digits:7}', emptyText: '' });
export const supabaseKind: ProviderKind = plainKind({}, { idTemplate: () => '{lower:20}' });
export const upstashKind: ProviderKind = plainKind({}, { idTemplate: () => '{uuid}', emptyText: '' });

function clusterOf(config: ObjectValue): string {
  const named = textOf(config['config_context']) ?? textOf(config['host']) ?? '';
  return (
    named
      .replace(/^https?:\/\//, '')
      .replaceAll(/[^A-Za-z0-9-]+/g, '-')
      .replace(/^-|-$/g, '') || '-'
  );
}

const attribution = 'goog-terraform-provisioned';

/**
 * Default labels, the resource's own, and the one that the provider puts on what it makes since version 6; unknown while a label is. What exists
 * without that one keeps going without it (`terraform_attribution_label_addition_strategy`, by default CREATION_ONLY).
 */
function allLabels(labels: Value, defaults: Readonly<Record<string, string>>, before: Value): Value {
  if (isUnknown(labels) || (isObject(labels) && Object.values(labels).some(isUnknown))) return unknown;
  const isAdded = isUnknown(before) || !isObject(before) || attribution in before;
  return { ...defaults, ...(isObject(labels) ? labels : {}), ...(isAdded ? { [attribution]: 'true' } : {}) };
}

function labelsOf(value: Value | undefined): Readonly<Record<string, string>> {
  if (value === undefined || isList(value) || !isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one]] : [])));
}
