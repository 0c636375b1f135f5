import type { DataBehaviour } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { given, strings } from './arguments';

/** Versions of Kubernetes that EKS has, the latest first (Amazon EKS user guide, "Kubernetes versions", December 2025). */
const standard = ['1.34', '1.33', '1.32'];
const extended = ['1.31', '1.30', '1.29'];

/** Latest version of an add-on for each version of Kubernetes (Amazon EKS user guide, the page of each add-on, December 2025). */
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
  'aws-ebs-csi-driver': everywhere('v1.53.0-eksbuild.1'),
  'eks-pod-identity-agent': everywhere('v1.3.10-eksbuild.1'),
};

function everywhere(version: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...standard, ...extended].map((one) => [one, version]));
}

/** Versions of Kubernetes and of add-ons that EKS offers; what the tables do not hold is refused. */
export const clusterVersions: Readonly<Record<string, DataBehaviour>> = {
  aws_eks_addon_version: ({ type }, config) => {
    const addon = String(config['addon_name'] ?? '');
    const cluster = String(config['kubernetes_version'] ?? '');
    const version = addons[addon]?.[cluster];
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
