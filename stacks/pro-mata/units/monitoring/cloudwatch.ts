import { declareOutputs, text } from 'terrace';

import { monitoring } from '../../../../envcommon/monitoring';
import { Alarm } from '../../../../modules/aws/alarm';
import { AlarmTopic } from '../../../../modules/aws/alarm-topic';
import { Dashboard } from '../../../../modules/aws/dashboard';
import { alarmsOf, type Watched } from '../../alarms';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { dashboardOf } from '../../dashboard';
import { EcsServiceBackendUnit, EcsServiceFrontendUnit } from '../compute/ecs-service';
import { EcsClusterUnit } from '../compute/ecs-cluster';
import { AlbUnit } from '../network/alb';
import { SecretsUnit } from '../security/secrets';
import { RdsUnit } from '../storage/rds';
import { RedisUnit } from '../storage/redis';

const outputs = declareOutputs({ topicArn: text('arn:aws:sns:us-east-1:456789012345:promata-prod-alarms') });

/** Watches production: alarms to a topic with mail, and a dashboard. */
export class CloudwatchUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    const { names } = this;
    const watched = this.watched();
    const { periods, periodSeconds } = monitoring(this.settings.monitoring);
    const email = this.variable('alarm_email', {
      description: 'Email address that receives alarms; the recipient must confirm the subscription once',
    });
    const topic = new AlarmTopic(this, 'alarms', {
      name: `${names.base}-alarms`,
      account: this.account,
      kmsKeyArn: this.dependency(region.unit(SecretsUnit)).keyArn,
      email: email.stringValue,
    });
    const alarms = Object.entries(alarmsOf(watched, this.settings)).map(
      ([name, rule]) => new Alarm(this, name, { ...rule, name: `${names.base}-${name}`, periods, periodSeconds, topicArns: [topic.arn] }),
    );
    new Dashboard(this, 'dashboard', {
      name: names.base,
      widgets: dashboardOf(
        watched,
        alarms.map(({ arn }) => arn),
      ),
    });
    this.outputs({ topicArn: topic.arn });
  }

  private watched(): Watched {
    const { region } = this;
    const alb = this.dependency(region.unit(AlbUnit));
    const frontend = this.dependency(region.unit(EcsServiceFrontendUnit));
    const backend = this.dependency(region.unit(EcsServiceBackendUnit));
    return {
      region: this.awsRegion,
      clusterName: this.dependency(region.unit(EcsClusterUnit)).clusterName,
      loadBalancer: alb.arnSuffix,
      services: {
        frontend: { name: frontend.serviceName, logGroup: frontend.logGroupName, targetGroup: alb.frontendTargetGroupSuffix },
        backend: { name: backend.serviceName, logGroup: backend.logGroupName, targetGroup: alb.backendTargetGroupSuffix },
      },
      database: this.dependency(region.unit(RdsUnit)).identifier,
      cache: this.dependency(region.unit(RedisUnit)).replicationGroupId,
    };
  }
}
