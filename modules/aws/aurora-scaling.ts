import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface ReaderScalingProps {
  readonly clusterId: string;
  readonly after: readonly ITerraformDependable[];
  readonly minReaders: number;
  readonly maxReaders: number;
  /** Average per cent of CPU over the readers. */
  readonly cpuTarget: number;
}

/** Adds readers to an Aurora cluster under load and takes them away again; those that terraform made stay. */
export class ReaderScaling extends Construct {
  constructor(scope: Construct, id: string, props: ReaderScalingProps) {
    super(scope, id);
    const target = new AppautoscalingTarget(this, 'target', {
      serviceNamespace: 'rds',
      scalableDimension: 'rds:cluster:ReadReplicaCount',
      resourceId: `cluster:${props.clusterId}`,
      minCapacity: props.minReaders,
      maxCapacity: props.maxReaders,
      dependsOn: [...props.after],
    });
    new AppautoscalingPolicy(this, 'cpu', {
      name: 'reader-cpu',
      policyType: 'TargetTrackingScaling',
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: 'RDSReaderAverageCPUUtilization' },
        targetValue: props.cpuTarget,
        // A new reader takes minutes to be of use.
        scaleOutCooldown: 300,
        scaleInCooldown: 600,
      },
    });
  }
}
