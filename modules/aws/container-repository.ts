import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrReplicationConfiguration } from '@cdktf/provider-aws/lib/ecr-replication-configuration';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { Construct } from 'constructs';

export interface ContainerRepositoryProps {
  /** Unique per account and region. */
  readonly name: string;
  readonly kmsKeyArn: string;
  /** How many tagged images are kept; untagged ones go after a week. */
  readonly keepImages: number;
}

/** A repository for container images: tags cannot be moved, pushes are scanned, old images expire. */
export class ContainerRepository extends Construct {
  readonly url: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ContainerRepositoryProps) {
    super(scope, id);
    const repository = new EcrRepository(this, 'repository', {
      name: props.name,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: 'KMS', kmsKey: props.kmsKeyArn }],
    });
    new EcrLifecyclePolicy(this, 'lifecycle', {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: 'Expire untagged images after a week',
            selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
            action: { type: 'expire' },
          },
          {
            rulePriority: 2,
            description: `Keep the last ${props.keepImages} images`,
            selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: props.keepImages },
            action: { type: 'expire' },
          },
        ],
      }),
    });
    this.url = repository.repositoryUrl;
    this.arn = repository.arn;
  }
}

export interface RegistryReplicationProps {
  readonly account: string;
  readonly region: string;
  /** Repositories whose names start with this are copied; those of the same name must exist in the target to keep their settings. */
  readonly prefix: string;
}

/** Copies every image that is pushed from now on to the same account's registry in another region. One per account and region. */
export class RegistryReplication extends Construct {
  constructor(scope: Construct, id: string, props: RegistryReplicationProps) {
    super(scope, id);
    new EcrReplicationConfiguration(this, 'replication', {
      replicationConfiguration: {
        rule: [
          {
            destination: [{ region: props.region, registryId: props.account }],
            repositoryFilter: [{ filter: props.prefix, filterType: 'PREFIX_MATCH' }],
          },
        ],
      },
    });
  }
}
