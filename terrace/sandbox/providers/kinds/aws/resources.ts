import type { ResourceBehaviour } from '../../engine/context';
import { isUnknown, textOf, type ObjectValue } from '../../protocol/value';
import { awsTable } from '../../tables/aws';
import type { RandomStream } from '../../values/random-stream';
import { adoptedResources } from './adopted';
import { bucketResources } from './buckets';
import { certificateResources } from './certificates';
import { addonVersion } from './cluster-versions';
import { databaseResources } from './databases';
import { instanceResources } from './instances';
import { replicationGroup } from './replication-groups';
import { tableResources } from './tables';
import { uploadResources } from './uploaded-files';

/** aws types that need more than schema and overlay. */
export const awsResources: Readonly<Record<string, ResourceBehaviour>> = {
  ...adoptedResources,
  ...bucketResources,
  ...certificateResources,
  ...databaseResources,
  ...instanceResources,
  ...tableResources,
  ...uploadResources,
  aws_elasticache_replication_group: replicationGroup,
  aws_kms_key: { create: (_, planned, random) => keyOf(planned, random) },
  aws_kms_external_key: { create: (_, planned, random) => keyOf(planned, random) },
  aws_iam_service_linked_role: { create: (_, planned) => serviceLinked(planned) },
  aws_eks_cluster: {
    create: ({ settings: { values } }, planned, random) => {
      const issuer = `https://oidc.eks.${values['region'] ?? ''}.amazonaws.com/id/${random.hex(32).toUpperCase()}`;
      const certificate = Buffer.from('-----BEGIN CERTIFICATE-----\nsandbox\n-----END CERTIFICATE-----\n').toString('base64');
      return { ...planned, identity: [{ oidc: [{ issuer }] }], certificate_authority: [{ data: certificate }] };
    },
  },
  aws_eks_addon: { create: (call, planned) => addonVersion(call, planned) },
  aws_ecs_task_definition: {
    create: (call, planned) => {
      const family = String(planned['family'] ?? '');
      const earlier = call.provider.events
        .all()
        .filter(
          ({ operation, type, id, scope }) =>
            operation === 'create' && type === call.type && id === family && scope === call.settings.scope,
        );
      const revision = earlier.length + 1;
      const { partition = '', region = '', account = '' } = call.settings.values;
      return { ...planned, revision, arn: `arn:${partition}:ecs:${region}:${account}:task-definition/${family}:${revision}` };
    },
  },
};

/** Each service has a name for its role, with the suffix that some of them take (IAM user guide, "AWS services that work with IAM"). */
function serviceLinked(planned: ObjectValue): ObjectValue {
  const asked = textOf(planned['aws_service_name']) ?? '';
  const service = Object.entries(awsTable().serviceRoles).find(([, principal]) => `${principal}.amazonaws.com` === asked)?.[0];
  const suffix = textOf(planned['custom_suffix']) ?? '';
  if (service === undefined || !isUnknown(planned['name'])) return planned;
  return { ...planned, name: `AWSServiceRoleFor${service}${suffix === '' ? '' : `_${suffix}`}` };
}

/** Ids of multi-Region keys begin with `mrk-` (KMS developer guide, "Key identifiers"). */
function keyOf(planned: ObjectValue, random: RandomStream): ObjectValue {
  return planned['multi_region'] === true && isUnknown(planned['id']) ? { ...planned, id: `mrk-${random.hex(32)}` } : planned;
}
