import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface ServiceScalingProps {
  readonly clusterName: string;
  readonly serviceName: string;
  /** The service, so that the target is registered after it. */
  readonly after: ITerraformDependable;
  readonly minTasks: number;
  readonly maxTasks: number;
  /** Average per cent over all tasks that the number of tasks is kept near. */
  readonly cpuTarget: number;
  readonly memoryTarget: number;
}

/** Keeps the number of a service's tasks where CPU and memory stay near their targets. Out after a minute, in after five. */
export class ServiceScaling extends Construct {
  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const target = new AppautoscalingTarget(this, 'target', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity: props.minTasks,
      maxCapacity: props.maxTasks,
      dependsOn: [props.after],
    });
    this.track(target, 'cpu', 'ECSServiceAverageCPUUtilization', props.cpuTarget);
    this.track(target, 'memory', 'ECSServiceAverageMemoryUtilization', props.memoryTarget);
  }

  private track(target: AppautoscalingTarget, name: string, predefinedMetricType: string, targetValue: number): void {
    new AppautoscalingPolicy(this, name, {
      name,
      policyType: 'TargetTrackingScaling',
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType },
        targetValue,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    });
  }
}
