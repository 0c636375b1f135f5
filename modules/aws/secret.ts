import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SecretsmanagerSecretPolicy } from '@cdktf/provider-aws/lib/secretsmanager-secret-policy';
import { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version';
import { Construct } from 'constructs';

import { policyDocument } from './policy';
import type { RotationFunction } from './rotation-function';

export interface SecretProps {
  /** Unique per account and region, also among secrets in deletion. */
  readonly name: string;
  readonly description: string;
  readonly kmsKeyArn: string;
  /** 7 to 30 days in which a deleted secret can be had back. */
  readonly recoveryWindowDays: number;
  /** The account whose principals alone may ever read it, whatever their own policies say. */
  readonly account: string;
  /** Copies in other regions, each with that region's key. @default none */
  readonly replicas?: readonly { readonly region: string; readonly kmsKeyArn: string }[];
  /** @default never */
  readonly rotation?: { readonly days: number; readonly function: RotationFunction };
}

/** A secret under a customer's key, without a value: see SecretValue, or put one in from outside. */
export class Secret extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, 'secret', {
      name: props.name,
      description: props.description,
      kmsKeyId: props.kmsKeyArn,
      recoveryWindowInDays: props.recoveryWindowDays,
      ...(props.replicas === undefined
        ? {}
        : { replica: props.replicas.map(({ region, kmsKeyArn }) => ({ region, kmsKeyId: kmsKeyArn })) }),
    });
    this.arn = secret.arn;
    this.name = secret.name;
    new SecretsmanagerSecretPolicy(this, 'policy', {
      secretArn: secret.arn,
      blockPublicPolicy: true,
      policy: policyDocument([
        {
          sid: 'RefuseOtherAccounts',
          effect: 'Deny',
          principals: { everybody: true },
          actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
          resources: [secret.arn],
          conditions: { StringNotEquals: { 'aws:PrincipalAccount': props.account } },
        },
      ]),
    });
    if (props.rotation !== undefined)
      new SecretsmanagerSecretRotation(this, 'rotation', {
        secretId: secret.id,
        rotationLambdaArn: props.rotation.function.arn,
        // The first value may be younger than the secret; the schedule decides, not the apply.
        rotateImmediately: false,
        rotationRules: { automaticallyAfterDays: props.rotation.days },
        // AWS asks whether it may call the function.
        dependsOn: [props.rotation.function.permission],
      });
  }
}

export interface SecretValueProps {
  readonly secretArn: string;
  /** A reference, never a literal. */
  readonly value: string;
}

/** The first value of a secret. Later ones belong to the rotation or to people: terraform does not put this one back. */
export class SecretValue extends Construct {
  readonly version: SecretsmanagerSecretVersion;

  constructor(scope: Construct, id: string, props: SecretValueProps) {
    super(scope, id);
    this.version = new SecretsmanagerSecretVersion(this, 'version', {
      secretId: props.secretArn,
      secretString: props.value,
      lifecycle: { ignoreChanges: ['secret_string', 'version_stages'] },
    });
  }
}
