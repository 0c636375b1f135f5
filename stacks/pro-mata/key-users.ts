import { alarmsUse, keyPolicy, logsUse } from '../../modules/aws/key-policy';
import { applyRoleName, planRoleName, type AwsNames } from './names';
import { stateAccount } from './root';
import { productServices } from './topology/product';

/** The policy of production's key: the roles and services that use it, each with what it does and through which service. */
export function regionKeyPolicy(names: AwsNames, region: string, operators: readonly string[]): string {
  const role = (name: string): string => `arn:aws:iam::${stateAccount}:role/${name}`;
  const appliers = [role(applyRoleName), ...operators];
  const via = (...services: readonly string[]) => services.map((service) => `${service}.${region}.amazonaws.com`);
  return keyPolicy({
    account: stateAccount,
    roles: [
      {
        sid: 'GrantedToServicesByDeployment',
        roleArns: appliers,
        actions: ['kms:CreateGrant'],
        via: via('rds', 'elasticache', 'ecr'),
        grantsForServicesOnly: true,
      },
      {
        sid: 'UsedByDeployment',
        roleArns: appliers,
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],
        via: via('secretsmanager'),
      },
      { sid: 'ReadByPlan', roleArns: [role(planRoleName)], actions: ['kms:Decrypt'], via: via('secretsmanager') },
      {
        sid: 'SecretsForTasks',
        roleArns: productServices.map((service) => names.roleArn(`${service}-execution`)),
        actions: ['kms:Decrypt'],
        via: via('secretsmanager'),
      },
    ],
    services: [logsUse(region, names.logGroupArns), alarmsUse(stateAccount)],
  });
}
