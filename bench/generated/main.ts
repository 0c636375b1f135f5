import { readFileSync } from 'node:fs';
import path from 'node:path';

import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { declareOutputs, Environment, Region, System, text, Unit, type Project, type UnitClass } from 'terrace';

/** How many units; 50 of them stand in a region, in five layers of ten. `changed` gives one unit another value. */
interface Size {
  readonly units: number;
  readonly changed?: string;
}

const outputs = declareOutputs({
  queueArn: text('arn:aws:sqs:eu-central-1:123456789012:mock'),
  topicArn: text('arn:aws:sns:eu-central-1:123456789012:mock'),
});
const perRegion = 50;
const perLayer = 10;
const size: Size = JSON.parse(readFileSync(path.join(__dirname, 'stacks', 'size.json'), 'utf8'));

/** A unit of five to eight resources that reads two outputs of each of two units of the layer below. */
function classOf(index: number, below: readonly [UnitClass, string][]): UnitClass {
  return class GeneratedUnit extends Unit<typeof outputs> {
    constructor(region: Region, id: string) {
      super(region, id, outputs);
      new AwsProvider(this, 'aws', { region: 'eu-central-1', defaultTags: [{ tags: this.tags }] });
      const read = below.map(([type, place]) => this.dependency(region.unit(type, place) as GeneratedUnit));
      const name = `${region.name}-${id.replace('/', '-')}`;
      const queue = new SqsQueue(this, 'queue', {
        name,
        visibilityTimeoutSeconds: 30,
        messageRetentionSeconds: size.changed === this.path ? 600 : 86400,
      });
      const topic = new SnsTopic(this, 'topic', { name });
      const role = new IamRole(this, 'role', {
        name,
        assumeRolePolicy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } }],
        }),
      });
      new IamRolePolicy(this, 'policy', {
        role: role.id,
        policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [queue.arn, ...read.map((one) => one.queueArn)] },
            { Effect: 'Allow', Action: ['sns:Publish'], Resource: [topic.arn, ...read.map((one) => one.topicArn)] },
          ],
        }),
      });
      new CloudwatchLogGroup(this, 'logs', { name: `/terrace/${name}`, retentionInDays: 30 });
      for (let extra = 0; extra < index % 4; extra += 1)
        if (extra === 2)
          new CloudwatchMetricAlarm(this, 'alarm', {
            alarmName: name,
            comparisonOperator: 'GreaterThanThreshold',
            evaluationPeriods: 2,
            metricName: 'ApproximateAgeOfOldestMessage',
            namespace: 'AWS/SQS',
            period: 60,
            statistic: 'Maximum',
            threshold: 300,
            dimensions: { QueueName: queue.name },
            alarmActions: [topic.arn],
          });
        else new SsmParameter(this, `parameter-${extra}`, { name: `/terrace/${name}/${extra}`, type: 'String', value: queue.url });
      this.outputs({ queueArn: queue.arn, topicArn: topic.arn });
    }
  };
}

/** The units of one region: the first layer reads nothing, each other two units of the layer before it. */
function tableOf(count: number): Record<string, UnitClass> {
  const table: Record<string, UnitClass> = {};
  const entries: [UnitClass, string][] = [];
  for (let index = 0; index < count; index += 1) {
    const layer = Math.floor(index / perLayer);
    const below = layer === 0 ? [] : [entries[index - perLayer], entries[(layer - 1) * perLayer + ((index + 3) % perLayer)]];
    const id = `layer-${layer}/unit-${index % perLayer}`;
    const type = classOf(
      index,
      below.filter((one) => one !== undefined),
    );
    table[id] = type;
    entries.push([type, id]);
  }
  return table;
}

/** A system of as many units as `stacks/size.json` says; this file stands as `main.ts` in the generated project. */
export const project: Project = {
  systems: {
    fleet: async () => (app) => {
      const system = new System(app, { system: 'fleet', project: 'fleet' });
      const environment = new Environment(system, { environment: 'prod', account: { id: '123456789012', name: 'prod' } });
      for (let first = 0; first < size.units; first += perRegion)
        new Region(
          environment,
          { region: `cell-${first / perRegion}`, awsRegion: 'eu-central-1' },
          tableOf(Math.min(perRegion, size.units - first)),
        );
      return system;
    },
  },
};
