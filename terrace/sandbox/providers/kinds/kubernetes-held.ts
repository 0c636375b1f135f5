import type { ProviderKind, ResourceBehaviour } from '../engine/context';
import { isList, isObject } from '../protocol/value';
import { RandomStream } from '../values/random-stream';

/** Namespaces that every cluster has. */
const systemNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** A namespace brings a service account and the cluster's certificate (Kubernetes documentation, "Service Accounts"). */
const namespace: ResourceBehaviour = {
  brings: (_, state) => {
    const metadata = isList(state['metadata'] ?? null) ? (state['metadata'] as readonly unknown[])[0] : undefined;
    const name = isObject(metadata as never) ? String((metadata as Readonly<Record<string, unknown>>)['name'] ?? '') : '';
    const of = (one: string): Readonly<Record<string, unknown>> => ({
      metadata: [{ name: one, namespace: name, labels: {}, annotations: {} }],
    });
    return [
      { type: 'kubernetes_service_account_v1', id: `${name}/default`, values: { ...of('default'), automount_service_account_token: true } },
      { type: 'kubernetes_config_map_v1', id: `${name}/kube-root-ca.crt`, values: { ...of('kube-root-ca.crt'), data: { 'ca.crt': '' } } },
    ];
  },
};

export const kubernetesResources: Readonly<Record<string, ResourceBehaviour>> = {
  kubernetes_namespace: namespace,
  kubernetes_namespace_v1: namespace,
};

/** The API server as a service (Kubernetes documentation, "Accessing the API from a Pod"); its address is the first of kubeadm's default range. */
const apiService = {
  id: 'default/kubernetes',
  metadata: [{ name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' }, annotations: {} }],
  spec: [
    {
      type: 'ClusterIP',
      cluster_ip: '10.96.0.1',
      cluster_ips: ['10.96.0.1'],
      session_affinity: 'None',
      port: [{ name: 'https', port: 443, protocol: 'TCP', target_port: '6443' }],
    },
  ],
};

/** What a cluster holds before anybody makes anything there; made when it is first asked for. */
export const furnishKubernetes: NonNullable<ProviderKind['furnish']> = ({ cloud, name: provider }, { scope }, type) => {
  if (!/^kubernetes_(namespace|service_account|service|config_map)(_v1)?$/.test(type)) return;
  for (const name of systemNamespaces) {
    const record = { version: 1, provider, scope, created: 0 } as const;
    const uid = new RandomStream(`namespace ${name} of ${scope}`).uuid();
    const metadata = [{ name, labels: { 'kubernetes.io/metadata.name': name }, annotations: {}, generation: 0, uid }];
    if (cloud.create({ ...record, type: 'kubernetes_namespace_v1', id: name, values: { id: name, metadata } }, true) === undefined)
      continue;
    const account = [{ name: 'default', namespace: name, labels: {}, annotations: {} }];
    cloud.create(
      { ...record, type: 'kubernetes_service_account_v1', id: `${name}/default`, values: { id: `${name}/default`, metadata: account } },
      true,
    );
    const root = { name: 'kube-root-ca.crt', namespace: name, labels: {}, annotations: {} };
    const id = `${name}/${root.name}`;
    cloud.create({ ...record, type: 'kubernetes_config_map_v1', id, values: { id, metadata: [root], data: { 'ca.crt': '' } } }, true);
    if (name === 'default') cloud.create({ ...record, type: 'kubernetes_service_v1', id: 'default/kubernetes', values: apiService }, true);
  }
};
