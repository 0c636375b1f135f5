import type { ResourceBehaviour } from '../../engine/context';
import { isUnknown, textOf, type Value } from '../../protocol/value';
import type { RandomStream } from '../../values/random-stream';
import { azureSuffix } from '../../values/unique-name';
import { locationOf } from './placed';

/**
 * A cluster's group of nodes has a name even where none is given, and its API server a domain name that begins with the prefix which the
 * configuration gives; its kubeconfig leads there, with certificates and keys that are stand-ins (Azure documentation, "AKS, node resource group").
 */
export const cluster: ResourceBehaviour = {
  create: ({ settings: { values } }, planned, random) => {
    const given = (name: string): string => textOf(planned[name]) ?? '';
    const location = locationOf(planned);
    const prefix = given('dns_prefix') || given('dns_prefix_private_cluster');
    const label = `${prefix}-${azureSuffix()}`;
    const isPrivate = planned['private_cluster_enabled'] === true;
    const server = `${label}.hcp.${location}.azmk8s.io`;
    const within = `${label}.${random.uuid()}.privatelink.${location}.azmk8s.io`;
    const open = Object.entries({
      node_resource_group: `MC_${given('resource_group_name')}_${given('name')}_${location}`,
      fqdn: isPrivate && planned['private_cluster_public_fqdn_enabled'] === false ? '' : server,
      private_fqdn: isPrivate ? within : '',
      portal_fqdn: `${label}.portal.hcp.${location}.azmk8s.io`,
      oidc_issuer_url:
        planned['oidc_issuer_enabled'] === true
          ? `https://${location}.oic.prod-aks.azure.com/${values['tenant'] ?? ''}/${random.uuid()}/`
          : '',
      // Only clusters with Entra ID have a configuration for administrators.
      kube_admin_config: [],
      kube_admin_config_raw: '',
      ...access(random, isPrivate ? within : server, given('name'), given('resource_group_name')),
    }).filter(([name]) => isUnknown(planned[name]) || planned[name] === '');
    return { ...planned, ...Object.fromEntries(open) };
  },
};

/** What `kube_config` and its raw form hold. */
function access(random: RandomStream, host: string, name: string, group: string): Readonly<Record<string, Value>> {
  const stand = (what: string): string =>
    Buffer.from(`-----BEGIN ${what}-----\n${random.hex(64)}\n-----END ${what}-----\n`).toString('base64');
  const one = {
    host: `https://${host}:443`,
    username: `clusterUser_${group}_${name}`,
    password: random.hex(128),
    client_certificate: stand('CERTIFICATE'),
    client_key: stand('RSA PRIVATE KEY'),
    cluster_ca_certificate: stand('CERTIFICATE'),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { 'certificate-authority-data': one.cluster_ca_certificate, server: one.host } }],
    users: [
      {
        name: one.username,
        user: { 'client-certificate-data': one.client_certificate, 'client-key-data': one.client_key, token: one.password },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: one.username } }],
    'current-context': name,
    preferences: {},
  };
  return { kube_config: [one], kube_config_raw: `${JSON.stringify(config, undefined, 2)}\n` };
}
