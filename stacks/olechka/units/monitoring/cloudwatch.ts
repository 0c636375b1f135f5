import { declareOutputs, expression, text } from 'terrace';

import { monitoring } from '../../../../envcommon/monitoring';
import { Alarm } from '../../../../modules/aws/alarm';
import { AlarmTopic } from '../../../../modules/aws/alarm-topic';
import { Dashboard } from '../../../../modules/aws/dashboard';
import { LogMetric } from '../../../../modules/aws/log-group';
import { alarmsOf } from '../../alarms';
import { dashboardsOf } from '../../dashboards';
import type { Watched } from '../../metrics';
import { serviceNames } from '../../names';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { EcsClusterUnit } from '../compute/ecs-cluster';
import { EcsServiceApiUnit, EcsServiceWorkerUnit } from '../compute/ecs-service';
import { AlbUnit } from '../network/alb';
import { KmsUnit } from '../security/kms';
import { AuroraUnit } from '../storage/aurora';
import { ElasticacheUnit } from '../storage/elasticache';
import { XrayUnit } from './xray';

const outputs = declareOutputs({ topicArn: text('arn:aws:sns:eu-central-1:123456789012:ai-tools-dev-alarms') });

/** Watches the region: log metrics, alarms to a topic with mail and Slack, and the three dashboards. */
export class CloudwatchUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const watched = this.watched();
    const settings = monitoring(this.settings.monitoring);
    for (const service of serviceNames)
      for (const { metric, pattern } of settings.logMetrics)
        new LogMetric(this, `${service}-${metric}`, {
          logGroupName: watched.services[service].logGroup,
          pattern,
          namespace: watched.metricNamespace,
          metric: `${service === 'api' ? 'Api' : 'Worker'}${metric}`,
        });
    const topic = this.topic();
    const alarms = Object.entries(alarmsOf(watched, this.settings)).map(
      ([name, alarm]) =>
        new Alarm(this, name, {
          ...alarm,
          name: `${this.names.base}-${name}`,
          periods: settings.periods,
          periodSeconds: settings.periodSeconds,
          topicArns: [topic.arn],
        }),
    );
    for (const [name, widgets] of Object.entries(
      dashboardsOf(
        watched,
        alarms.map(({ arn }) => arn),
      ),
    ))
      new Dashboard(this, name, { name: `${this.names.regional}-${name}`, widgets });
    this.outputs({ topicArn: topic.arn });
  }

  private watched(): Watched {
    const { region } = this;
    const alb = this.dependency(region.unit(AlbUnit));
    const cluster = this.dependency(region.unit(EcsClusterUnit));
    const api = this.dependency(region.unit(EcsServiceApiUnit));
    const worker = this.dependency(region.unit(EcsServiceWorkerUnit));
    return {
      region: this.awsRegion,
      metricNamespace: this.names.metricNamespace,
      clusterName: cluster.clusterName,
      loadBalancer: alb.arnSuffix,
      services: {
        api: { name: api.serviceName, logGroup: api.logGroupName, targetGroup: alb.apiTargetGroupSuffix },
        worker: { name: worker.serviceName, logGroup: worker.logGroupName, targetGroup: alb.workerTargetGroupSuffix },
      },
      databaseCluster: this.dependency(region.unit(AuroraUnit)).clusterId,
      cacheGroup: this.dependency(region.unit(ElasticacheUnit)).replicationGroupId,
      traceGroup: this.dependency(region.unit(XrayUnit)).groupName,
      ...(region.values.recovery?.side === 'standby' ? { follows: region.values.recovery.otherRegion } : {}),
    };
  }

  private topic(): AlarmTopic {
    const { names } = this;
    const kms = this.dependency(this.region.unit(KmsUnit));
    const email = this.variable('alarm_email', {
      description: 'Email address that receives alarms; the recipient must confirm the subscription once',
    });
    const workspace = this.variable('slack_workspace_id', {
      description: 'ID of the Slack workspace; authorize it in AWS Chatbot first',
      optional: true,
    });
    const channel = this.variable('slack_channel_id', { description: 'ID of the Slack channel that receives alarms', optional: true });
    return new AlarmTopic(this, 'alarms', {
      name: `${names.base}-alarms`,
      account: this.account,
      kmsKeyArn: kms.keyArn,
      email: email.stringValue,
      slack: {
        name: names.role('alarms'),
        roleName: names.role('slack'),
        workspaceId: workspace.stringValue,
        channelId: channel.stringValue,
        count: expression('var.slack_workspace_id == null || var.slack_channel_id == null ? 0 : 1'),
      },
      permissionsBoundary: names.serviceBoundaryArn,
    });
  }
}
