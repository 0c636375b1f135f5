import type { DataBehaviour } from '../../engine/context';
import { awsFacts } from './facts';
import { awsLookups } from './lookups';
import { awsOffers } from './offers';
import { clusterVersions } from './cluster-versions';
import { endpointService } from './endpoint-services';
import { lifecycleDocument } from './lifecycle-document';
import { parametersByPath } from './parameters-by-path';
import { policyDocument } from './policy-document';
import { taggedResources } from './tagged-resources';
import { secretDataSource } from './secret-replicas';

/** Data sources of aws that answer from the connection, or from more than one simulated resource. */
export const awsDataSources: Readonly<Record<string, DataBehaviour>> = {
  aws_caller_identity: ({ settings: { values } }) => {
    const { account = '', partition = '' } = values;
    return {
      id: account,
      account_id: account,
      arn: `arn:${partition}:sts::${account}:assumed-role/sandbox/terrace`,
      user_id: 'AROASANDBOX:terrace',
    };
  },
  aws_partition: ({ settings: { values } }) => ({
    id: values['partition'] ?? '',
    partition: values['partition'] ?? '',
    dns_suffix: values['dnsSuffix'] ?? '',
    reverse_dns_prefix: (values['dnsSuffix'] ?? '').split('.').reverse().join('.'),
  }),
  ...awsFacts,
  ...awsOffers,
  ...awsLookups,
  ...clusterVersions,
  aws_ecr_lifecycle_policy_document: (_, config) => lifecycleDocument(config),
  aws_resourcegroupstaggingapi_resources: taggedResources,
  aws_iam_policy_document: (_, config) => policyDocument(config),
  aws_secretsmanager_secret: secretDataSource,
  aws_vpc_endpoint_service: endpointService,
  aws_ssm_parameters_by_path: parametersByPath,
};
