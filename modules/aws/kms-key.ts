import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { KmsReplicaKey } from '@cdktf/provider-aws/lib/kms-replica-key';
import { Construct } from 'constructs';

interface KeyProps {
  readonly description: string;
  /** Names without `alias/`; unique per account and region. */
  readonly aliases: readonly string[];
  /** JSON of the key policy; see key-policy.ts. */
  readonly policy: string;
  /** 7 to 30 days between the order to delete the key and its end. */
  readonly deletionWindowDays: number;
  /** Terraform refuses to destroy the key. @default false */
  readonly preventDestroy?: boolean;
}

export interface CustomerKeyProps extends KeyProps {
  /** Lets other regions hold replicas; cannot be changed later without a new key. @default false */
  readonly multiRegion?: boolean;
}

/** A symmetric key of the customer's with yearly rotation and its aliases. */
export class CustomerKey extends Construct {
  readonly arn: string;
  readonly keyId: string;

  constructor(scope: Construct, id: string, props: CustomerKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, 'key', {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: props.deletionWindowDays,
      multiRegion: props.multiRegion ?? false,
      policy: props.policy,
      ...protection(props),
    });
    this.arn = key.arn;
    this.keyId = key.keyId;
    addAliases(this, props.aliases, key.keyId);
  }
}

export interface ReplicaKeyProps extends KeyProps {
  /** ARN of the multi-region key in its own region. */
  readonly primaryKeyArn: string;
}

/** The same key material in another region, with a policy and aliases of its own. It rotates with its primary. */
export class ReplicaKey extends Construct {
  readonly arn: string;
  readonly keyId: string;

  constructor(scope: Construct, id: string, props: ReplicaKeyProps) {
    super(scope, id);
    const key = new KmsReplicaKey(this, 'key', {
      description: props.description,
      primaryKeyArn: props.primaryKeyArn,
      deletionWindowInDays: props.deletionWindowDays,
      policy: props.policy,
      ...protection(props),
    });
    this.arn = key.arn;
    this.keyId = key.keyId;
    addAliases(this, props.aliases, key.keyId);
  }
}

function protection(props: KeyProps): { lifecycle?: { preventDestroy: true } } {
  return props.preventDestroy ? { lifecycle: { preventDestroy: true } } : {};
}

function addAliases(scope: Construct, names: readonly string[], keyId: string): void {
  for (const name of names) new KmsAlias(scope, `alias-${name}`, { name: `alias/${name}`, targetKeyId: keyId });
}
