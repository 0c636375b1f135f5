import { createHash } from 'node:crypto';

import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { generatedFile } from 'terrace';

import { defined } from './defined';
import { LogGroup } from './log-group';
import { rotationCode } from './rotation-code';
import { ServiceRole } from './service-role';
import { zip } from './zip';

export interface RotationFunctionProps {
  /** Unique per account and region, at most 64 characters. */
  readonly name: string;
  readonly roleName: string;
  readonly account: string;
  readonly region: string;
  /** ARN patterns of the secrets it may rotate. */
  readonly secretArns: readonly string[];
  /** Identifier of the Aurora cluster whose master password it may set. */
  readonly clusterId: string;
  readonly kmsKeyArn: string;
  readonly logRetentionDays: number;
  readonly permissionsBoundary?: string;
}

/**
 * A Lambda function that rotates secrets (rotation-code.ts says how). It sets the database's password through the RDS API, so it needs no
 * way into the network. Ten minutes and one run at a time: a password change takes Aurora up to some minutes.
 */
export class RotationFunction extends Construct {
  readonly arn: string;
  /** Lets Secrets Manager call the function. */
  readonly permission: LambdaPermission;

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    const logs = new LogGroup(this, 'logs', {
      name: `/aws/lambda/${props.name}`,
      retentionDays: props.logRetentionDays,
      kmsKeyArn: props.kmsKeyArn,
    });
    const role = new ServiceRole(this, 'role', {
      name: props.roleName,
      services: ['lambda.amazonaws.com'],
      statements: statements(props, logs.arn),
      ...defined({ permissionsBoundary: props.permissionsBoundary }),
    });
    const archive = zip([{ name: 'index.mjs', content: rotationCode }]);
    const asset = new TerraformAsset(this, 'code', { path: generatedFile('rotation.zip', archive), type: AssetType.FILE });
    const lambda = new LambdaFunction(this, 'function', {
      functionName: props.name,
      description: 'Rotates secrets',
      role: role.arn,
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      filename: asset.path,
      sourceCodeHash: createHash('sha256').update(archive).digest('base64'),
      timeout: 660,
      memorySize: 256,
      reservedConcurrentExecutions: 1,
      kmsKeyArn: props.kmsKeyArn,
      environment: { variables: { CLUSTER_ID: props.clusterId } },
      tracingConfig: { mode: 'Active' },
      loggingConfig: { logFormat: 'JSON', logGroup: logs.name },
    });
    this.permission = new LambdaPermission(this, 'called-by-secrets-manager', {
      statementId: 'SecretsManager',
      action: 'lambda:InvokeFunction',
      functionName: lambda.functionName,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: props.account,
    });
    this.arn = lambda.arn;
  }
}

function statements(props: RotationFunctionProps, logGroupArn: string) {
  return [
    { sid: 'WriteLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${logGroupArn}:*`] },
    {
      sid: 'RotateSecrets',
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resources: props.secretArns,
    },
    // secretsmanager:GetRandomPassword has no resource.
    { sid: 'MakePassword', actions: ['secretsmanager:GetRandomPassword'], resources: ['*'] },
    {
      sid: 'SetPassword',
      actions: ['rds:DescribeDBClusters', 'rds:ModifyDBCluster'],
      resources: [`arn:aws:rds:${props.region}:${props.account}:cluster:${props.clusterId}`],
    },
    { sid: 'UseKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.kmsKeyArn] },
    // X-Ray has no resource-level permissions for these two actions.
    { sid: 'SendTraces', actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] },
  ];
}
