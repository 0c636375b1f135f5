/**
 * The rotation function's code (an ES module for Lambda's Node.js runtime, which carries the AWS SDK). Secrets Manager calls it once per
 * step. A secret whose value is a PostgreSQL URL gets a new password, which it also gives to the Aurora cluster that the function's own
 * `CLUSTER_ID` names in Lambda; any other value is replaced by 64 random characters. A secret without a value yet is left alone.
 */
export const rotationCode = `import { DescribeDBClustersCommand, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { DescribeSecretCommand, GetRandomPasswordCommand, GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { env } from 'node:process';

const clients = { secrets: new SecretsManagerClient({}), rds: new RDSClient({}) };
const cluster = env.CLUSTER_ID;

export const handler = (event) => rotate(event, clients);

export async function rotate({ SecretId, ClientRequestToken, Step }, { secrets, rds, wait = 10000 }) {
  const { VersionIdsToStages = {}, RotationEnabled } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  if (RotationEnabled === false) throw new Error('rotation is not enabled');
  const stages = VersionIdsToStages[ClientRequestToken];
  if (stages?.includes('AWSCURRENT')) return;
  const current = await valueOf(secrets, SecretId, { VersionStage: 'AWSCURRENT' });
  if (current === undefined) return;
  const pending = await valueOf(secrets, SecretId, { VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' });
  if (Step === 'createSecret') {
    if (pending !== undefined) return;
    const { RandomPassword } = await secrets.send(new GetRandomPasswordCommand({ PasswordLength: 64, ExcludePunctuation: true }));
    await secrets.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString: replaced(current, RandomPassword), VersionStages: ['AWSPENDING'] }));
  } else if (Step === 'setSecret') {
    if (pending !== undefined && isUrl(pending)) await rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: cluster, MasterUserPassword: decodeURIComponent(new URL(pending).password), ApplyImmediately: true }));
  } else if (Step === 'testSecret') {
    if (pending !== undefined && isUrl(pending)) await settled(rds, wait);
  } else if (Step === 'finishSecret') {
    const from = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id].includes('AWSCURRENT'));
    await secrets.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: from }));
  } else throw new Error('unknown step ' + Step);
}

const isUrl = (value) => value.startsWith('postgresql://');

function replaced(current, password) {
  if (!isUrl(current)) return password;
  const url = new URL(current);
  url.password = password;
  return url.href;
}

async function valueOf(secrets, SecretId, version) {
  try {
    return (await secrets.send(new GetSecretValueCommand({ SecretId, ...version }))).SecretString;
  } catch (error) {
    if (error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function settled(rds, wait) {
  for (let turn = 0; turn < 60; turn += 1) {
    const { DBClusters: [found] = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }));
    if (found?.Status === 'available' && !found.PendingModifiedValues?.MasterUserPassword) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  throw new Error('the cluster did not take the password in time');
}
`;
