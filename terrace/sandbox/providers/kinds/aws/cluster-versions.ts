import type { DataBehaviour, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { isUnknown, type ObjectValue } from '../../protocol/value';
import { given, strings } from './arguments';

/** Versions of Kubernetes that EKS has, the latest first (Amazon EKS user guide, "Kubernetes versions", December 2025). */
const standard = ['1.34', '1.33', '1.32'];
const extended = ['1.31', '1.30', '1.29'];
export const clusterNames: readonly string[] = [...standard, ...extended];

/**
 * Latest version of an add-on for each version of Kubernetes (Amazon EKS user guide, the page of each add-on, December 2025; those of the EBS CSI
 * driver and the pod identity agent from the source of `usual`, which is younger).
 */
const addons: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  coredns: {
    '1.34': 'v1.12.4-eksbuild.1',
    '1.33': 'v1.12.4-eksbuild.1',
    '1.32': 'v1.11.4-eksbuild.24',
    '1.31': 'v1.11.4-eksbuild.24',
    '1.30': 'v1.11.4-eksbuild.24',
    '1.29': 'v1.11.4-eksbuild.24',
  },
  'kube-proxy': {
    '1.34': 'v1.34.1-eksbuild.2',
    '1.33': 'v1.33.5-eksbuild.2',
    '1.32': 'v1.32.9-eksbuild.2',
    '1.31': 'v1.31.13-eksbuild.2',
    '1.30': 'v1.30.14-eksbuild.8',
    '1.29': 'v1.29.15-eksbuild.16',
  },
  'vpc-cni': everywhere('v1.20.5-eksbuild.1'),
  'aws-ebs-csi-driver': everywhere('v1.56.0-eksbuild.1'),
  'eks-pod-identity-agent': everywhere('v1.3.10-eksbuild.2'),
};

/**
 * The version that a cluster gets where none is asked for, which is older than the latest (github.com/awslabs/cdk-eks-blueprints commit
 * 05d3dbd, lib/addons/<add-on>/index.ts, the table of versions that it installs).
 */
const usual: typeof addons = {
  coredns: byCluster(
    'v1.12.3-eksbuild.1',
    'v1.12.1-eksbuild.2',
    'v1.11.4-eksbuild.2',
    'v1.11.3-eksbuild.1',
    'v1.11.1-eksbuild.8',
    'v1.11.1-eksbuild.4',
  ),
  'kube-proxy': byCluster(
    'v1.34.0-eksbuild.2',
    'v1.33.3-eksbuild.4',
    'v1.32.6-eksbuild.12',
    'v1.31.10-eksbuild.12',
    'v1.30.0-eksbuild.3',
    'v1.29.0-eksbuild.1',
  ),
  'vpc-cni': since131('v1.20.4-eksbuild.2', 'v1.19.0-eksbuild.1'),
  'aws-ebs-csi-driver': since131('v1.56.0-eksbuild.1', 'v1.36.0-eksbuild.1'),
  'eks-pod-identity-agent': since131('v1.3.10-eksbuild.2', 'v1.3.2-eksbuild.2'),
};

/** A version for each version of Kubernetes, the latest first. */
function byCluster(...versions: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...standard, ...extended].map((one, index) => [one, versions[index] ?? '']));
}

function since131(version: string, before: string): Readonly<Record<string, string>> {
  return byCluster(version, version, version, version, before, before);
}

function everywhere(version: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...standard, ...extended].map((one) => [one, version]));
}

/** Versions of Kubernetes and of add-ons that EKS offers; what the tables do not hold is refused. */
export const clusterVersions: Readonly<Record<string, DataBehaviour>> = {
  aws_eks_addon_version: ({ type }, config) => {
    const addon = String(config['addon_name'] ?? '');
    const cluster = String(config['kubernetes_version'] ?? '');
    const version = (config['most_recent'] === true ? addons : usual)[addon]?.[cluster];
    if (version === undefined)
      throw new Refusal(
        `reading ${type}`,
        `the table has no version of ${addon} for Kubernetes ${cluster}; it has ${Object.keys(addons).join(', ')} for ${[...standard, ...extended].join(', ')}; make it known with \`terrace sandbox cloud add ${type} addon_name=${addon} kubernetes_version='"${cluster}"' version=…\``,
        'addon_name',
      );
    return { id: addon, version };
  },
  aws_eks_cluster_versions: ({ type }, config) => {
    const wanted = given(config['version_status']);
    const all = [
      ...standard.map((one) => ({ cluster_version: one, status: 'STANDARD_SUPPORT' })),
      ...extended.map((one) => ({ cluster_version: one, status: 'EXTENDED_SUPPORT' })),
    ];
    const known = all.filter(({ status }) => wanted === undefined || status === wanted || status.startsWith(`${wanted}_`));
    if (wanted !== undefined && known.length === 0)
      throw new Refusal(`reading ${type}`, `no version has the status ${wanted}`, 'version_status');
    const [latest] = standard;
    const only = strings(config['cluster_versions_only']);
    return {
      cluster_versions: known
        .filter(({ cluster_version: one }) => config['default_only'] !== true || one === latest)
        .filter(({ cluster_version: one }) => only.length === 0 || only.includes(one))
        .map(({ cluster_version: one, status }) => ({
          cluster_type: 'eks',
          cluster_version: one,
          default_platform_version: 'eks.1',
          default_version: one === latest,
          end_of_extended_support_date: null,
          end_of_standard_support_date: null,
          kubernetes_patch_version: null,
          release_date: null,
          version_status: status,
        })),
    };
  },
};

/** The version of an add-on of which none is configured; refuses where the table has none. */
export function addonVersion(call: ResourceCall, planned: ObjectValue): ObjectValue {
  if (!isUnknown(planned['addon_version'])) return planned;
  const { cloud, name } = call.provider;
  const cluster = cloud.read(cloud.keyOfId(name, call.settings.scope, 'aws_eks_cluster', String(planned['cluster_name'] ?? '')));
  const version = usual[String(planned['addon_name'] ?? '')]?.[String(cluster?.values['version'] ?? standard[0])];
  if (version === undefined)
    throw new Refusal(
      `creating ${call.type}`,
      `the table has no version of ${String(planned['addon_name'])} for the cluster's version of Kubernetes; say it in addon_version`,
      'addon_version',
    );
  return { ...planned, addon_version: version };
}
