import { places, type Json, type SynthesizedTree } from '../tree';
import { requirement, sameSet } from './requirement';

const thresholds = {
  dev: { cpu: 85, memory: 85, rate: 10, latency: 2, databaseCpu: 80, connections: 80, sampling: 0.5 },
  staging: { cpu: 80, memory: 80, rate: 5, latency: 1.5, databaseCpu: 75, connections: 75, sampling: 0.5 },
  production: { cpu: 75, memory: 75, rate: 2, latency: 1, databaseCpu: 70, connections: 70, sampling: 0.1 },
} as const;
const unitOf = (base: string) => `${base}/monitoring/cloudwatch`;
const alarm = (tree: SynthesizedTree, base: string, name: string): Json =>
  tree.resources('aws_cloudwatch_metric_alarm', unitOf(base)).find((one) => one.attrs.alarm_name.endsWith(`-${name}`))?.attrs ?? {};
const board = (tree: SynthesizedTree, base: string, name: string): readonly Json[] =>
  JSON.parse(
    tree
      .resources('aws_cloudwatch_dashboard', unitOf(base))
      .find((one) => one.attrs.dashboard_name === `ai-tools-${base.replace('/', '-')}-${name}`)?.attrs.dashboard_body ?? '{"widgets":[]}',
  ).widgets;
const groups = ['/ecs/ai-tools-api', '/ecs/ai-tools-worker'];

/** Logs, metrics, alarms, dashboards, traces: O-09, O-27 to O-31. */
export const monitoring = [
  requirement(
    'O-09',
    'each region has its alarms, dashboards, sampling rule, trace group with insights and encrypted traces',
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        demand(
          tree.resources('aws_cloudwatch_metric_alarm', unitOf(base)).length >= 9 &&
            tree.resources('aws_cloudwatch_dashboard', unitOf(base)).length === 3,
          `${base}: CloudWatch`,
        );
        const unit = `${base}/monitoring/xray`;
        demand(
          tree.one(unit, 'aws_xray_group').attrs.insights_configuration?.insights_enabled === true &&
            tree.one(unit, 'aws_xray_encryption_config').attrs.type === 'KMS',
          `${base}: X-Ray`,
        );
      }
    },
  ),
  requirement('O-27', 'CPU, memory, requests and errors are measured, and both log groups are counted', (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      const filters = tree.resources('aws_cloudwatch_log_metric_filter', unitOf(base));
      const counted = filters.map(
        (one) =>
          `${tree.follow(one.unit, one.attrs.log_group_name)?.attrs.name} ${one.attrs.pattern} ${one.attrs.metric_transformation.namespace}`,
      );
      demand(
        sameSet(
          counted,
          groups.flatMap((group) => ['"ERROR"', '"WARN"'].map((pattern) => `${group} ${pattern} AI-Tools/${environment}`)),
        ),
        `${base}: filters ${counted.join()}`,
      );
      for (const name of ['api', 'worker'])
        for (const [kind, metric] of [
          ['cpu', 'CPUUtilization'],
          ['memory', 'MemoryUtilization'],
        ] as const) {
          const { metric_name: measured, namespace, dimensions } = alarm(tree, base, `${name}-${kind}`);
          demand(
            measured === metric &&
              namespace === 'AWS/ECS' &&
              tree.follow(unitOf(base), dimensions?.ServiceName)?.unit === `${base}/compute/ecs-service-${name}`,
            `${base}: ${kind} of ${name}`,
          );
        }
    }
  }),
  requirement('O-28', "alarms go off above the environment's CPU, error rate and latency", (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      const limit = thresholds[environment];
      for (const [name, threshold] of [
        ['api-cpu', limit.cpu],
        ['worker-cpu', limit.cpu],
        ['api-memory', limit.memory],
        ['worker-memory', limit.memory],
        ['error-rate', limit.rate],
        ['latency-p99', limit.latency],
        ['latency-average', limit.latency],
        ['database-cpu', limit.databaseCpu],
        ['database-connections', limit.connections],
      ] as const) {
        const found = alarm(tree, base, name);
        demand(
          found.threshold === threshold && found.comparison_operator === 'GreaterThanThreshold',
          `${base}: ${name} above ${found.threshold}`,
        );
      }
      const queries: readonly Json[] = alarm(tree, base, 'error-rate').metric_query ?? [];
      demand(
        /100 \* .*5xx.*\/ requests/.test(queries.find((one) => one.return_data)?.expression ?? ''),
        `${base}: the error rate is ${queries[0]?.expression}`,
      );
      const metrics = queries.filter((one) => !one.return_data);
      demand(
        metrics.length === 3 &&
          metrics.every((one) => tree.follow(unitOf(base), one.metric.dimensions.LoadBalancer)?.unit === `${base}/network/alb`),
        `${base}: the error rate is of another load balancer`,
      );
      for (const [name, statistic] of [
        ['latency-p99', 'p99'],
        ['latency-average', 'Average'],
      ] as const) {
        const found = alarm(tree, base, name);
        demand(
          found.metric_name === 'TargetResponseTime' &&
            (found.extended_statistic ?? found.statistic) === statistic &&
            tree.follow(unitOf(base), found.dimensions?.LoadBalancer)?.unit === `${base}/network/alb`,
          `${base}: ${name}`,
        );
      }
    }
  }),
  requirement('O-29', 'every alarm tells the topic, and the topic a mailbox and a Slack channel', (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      const unit = unitOf(base);
      const topic = tree.one(unit, 'aws_sns_topic');
      for (const one of tree.resources('aws_cloudwatch_metric_alarm', base))
        demand(
          one.attrs.alarm_actions?.length === 1 && tree.follow(one.unit, one.attrs.alarm_actions[0])?.name === topic.name,
          `${base}: ${one.attrs.alarm_name} tells ${one.attrs.alarm_actions}`,
        );
      const mail = tree.one(unit, 'aws_sns_topic_subscription');
      demand(mail.attrs.protocol === 'email' && tree.follow(unit, mail.attrs.topic_arn)?.name === topic.name, `${base}: mail`);
      const slack = tree.one(unit, 'aws_chatbot_slack_channel_configuration').attrs;
      demand(
        tree.follow(unit, slack.sns_topic_arns?.[0])?.name === topic.name && String(slack.count).includes('slack_channel_id'),
        `${base}: Slack`,
      );
      demand(
        String(tree.one(unit, 'aws_sns_topic_policy').attrs.policy).includes('cloudwatch.amazonaws.com'),
        `${base}: alarms may not publish`,
      );
    }
  }),
  requirement('O-30', 'three dashboards show health and cost, metrics and errors, response times and traces', (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      const executive = board(tree, base, 'executive');
      demand(
        executive.some((one) => one.properties.region === 'us-east-1' && one.properties.metrics?.[0][0] === 'AWS/Billing'),
        `${base}: no cost on the executive dashboard`,
      );
      const health = executive.find((one) => one.type === 'alarm')?.properties.alarms ?? [];
      demand(
        health.length === tree.resources('aws_cloudwatch_metric_alarm', base).length &&
          health.every((arn: string) => tree.follow(unitOf(base), arn)?.type === 'aws_cloudwatch_metric_alarm'),
        `${base}: no health on the executive dashboard`,
      );
      const operations = board(tree, base, 'operations');
      const asked = operations
        .filter((one) => one.type === 'log')
        .flatMap((one) => tree.referencesIn(unitOf(base), one.properties.query).map((group) => group.attrs.name));
      demand(sameSet(asked, groups), `${base}: the operations dashboard asks ${asked.join()}`);
      demand(
        operations.some((one) => one.type === 'metric' && JSON.stringify(one).includes('CPUUtilization')),
        `${base}: no metrics on the operations dashboard`,
      );
      const developer = JSON.stringify(board(tree, base, 'developer'));
      demand(
        developer.includes('TargetResponseTime') && developer.includes('AWS/X-Ray') && developer.includes('xray:traces'),
        `${base}: developer dashboard`,
      );
      demand(
        tree.referencesIn(unitOf(base), developer).some((one) => one.type === 'aws_xray_group' && one.unit === `${base}/monitoring/xray`),
        `${base}: traces of another group`,
      );
    }
  }),
  requirement('O-31', 'requests of the services are sampled at the rate of the environment into one group', (tree, demand) => {
    for (const { environment, region } of places) {
      const unit = `${environment}/${region}/monitoring/xray`;
      const rule = tree.one(unit, 'aws_xray_sampling_rule').attrs;
      demand(
        rule.fixed_rate === thresholds[environment].sampling && rule.service_name === 'ai-tools-*',
        `${unit}: samples ${rule.fixed_rate} of ${rule.service_name}`,
      );
      demand(
        tree.one(unit, 'aws_xray_group').attrs.filter_expression === 'service("ai-tools-api") OR service("ai-tools-worker")',
        `${unit}: group`,
      );
    }
  }),
];
