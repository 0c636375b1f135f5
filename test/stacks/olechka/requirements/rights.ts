import { listOf, places, type Json, type SynthesizedTree } from '../tree';
import { requirement, sameSet } from './requirement';

const names = ['api', 'worker'] as const;
const statements = (policy: unknown): readonly Json[] => (typeof policy === 'string' ? JSON.parse(policy).Statement : []);

/** Every statement of a role that a service's task names. */
function granted(tree: SynthesizedTree, unit: string, field: 'execution_role_arn' | 'task_role_arn'): readonly Json[] {
  const task = tree.follow(unit, tree.one(unit, 'aws_ecs_service').attrs.task_definition);
  const role = tree.follow(unit, task?.attrs[field]);
  return tree
    .resources('aws_iam_role_policy', unit)
    .filter((one) => tree.follow(unit, one.attrs.role)?.name === role?.name)
    .flatMap((one) => statements(one.attrs.policy));
}

/** Resources on which statements allow an action. */
const allowed = (of: readonly Json[], action: string): readonly string[] =>
  of.filter((one) => one.Effect === 'Allow' && listOf(one.Action).includes(action)).flatMap((one) => listOf(one.Resource));

/** What those at the ends of the arrows may do, and nothing beside: beside O-14 to O-17, O-24, O-29. */
export const rights = [
  requirement('O-14/rights', 'execution roles read the secrets of their task and no other, by any statement', (tree, demand) => {
    for (const { environment, region } of places)
      for (const name of names) {
        const unit = `${environment}/${region}/compute/ecs-service-${name}`;
        const roles = [...granted(tree, unit, 'execution_role_arn'), ...granted(tree, unit, 'task_role_arn')];
        const reading = roles.filter(
          (one) => one.Effect === 'Allow' && listOf(one.Action).some((action) => /^(?:secretsmanager:|\*$)/.test(action)),
        );
        const read = reading.flatMap((one) => listOf(one.Resource));
        const found = read.map((one) => tree.follow(unit, one));
        demand(
          sameSet(
            reading.flatMap((one) => listOf(one.Action)),
            ['secretsmanager:GetSecretValue'],
          ) && found.every((one) => one?.type.endsWith('aws_secretsmanager_secret') === true && one.attribute === 'arn'),
          `${unit}: reads ${read.join()}`,
        );
      }
  }),
  requirement('O-15/rights', 'execution roles decrypt with the key of their region, through Secrets Manager alone', (tree, demand) => {
    for (const { environment, region } of places)
      for (const name of names) {
        const unit = `${environment}/${region}/compute/ecs-service-${name}`;
        const decrypting = granted(tree, unit, 'execution_role_arn').filter((one) => listOf(one.Action).includes('kms:Decrypt'));
        demand(
          decrypting.length === 1 &&
            decrypting.every(
              (one) =>
                listOf(one.Resource).every((key) => tree.follow(unit, key)?.unit === `${environment}/${region}/security/kms`) &&
                one.Condition?.StringEquals?.['kms:ViaService'] === `secretsmanager.${region}.amazonaws.com`,
            ),
          `${unit}: decrypts ${JSON.stringify(decrypting)}`,
        );
      }
  }),
  requirement(
    'O-16/rights',
    'execution roles write to the log group of their service, and the namespace of metrics is theirs',
    (tree, demand) => {
      for (const { environment, region } of places)
        for (const name of names) {
          const unit = `${environment}/${region}/compute/ecs-service-${name}`;
          const written = allowed(granted(tree, unit, 'execution_role_arn'), 'logs:PutLogEvents');
          demand(
            sameSet(
              written.flatMap((one) => tree.referencesIn(unit, one)).map((one) => `${one.attrs.name} ${one.attribute}`),
              [`/ecs/ai-tools-${name} arn`],
            ),
            `${unit}: writes to ${written.join()}`,
          );
          const counting = granted(tree, unit, 'task_role_arn').filter((one) => listOf(one.Action).includes('cloudwatch:PutMetricData'));
          demand(
            counting.length === 1 && counting[0].Condition?.StringEquals?.['cloudwatch:namespace'] === `AI-Tools/${environment}`,
            `${unit}: counts in ${JSON.stringify(counting)}`,
          );
        }
    },
  ),
  requirement('O-17/rules', 'the web ACL blocks what its rules find and limits the rate', (tree, demand) => {
    for (const { environment, region } of places) {
      const { attrs } = tree.one(`${environment}/${region}/security/waf`, 'aws_wafv2_web_acl');
      const rules: readonly Json[] = attrs.rule ?? [];
      const managed = rules.filter((rule) => rule.statement.managed_rule_group_statement !== undefined);
      demand(
        managed.length >= 3 &&
          managed.every((rule) => rule.override_action?.none !== undefined && rule.override_action.count === undefined),
        `${environment}/${region}: managed rules only count`,
      );
      demand(
        rules.some((rule) => rule.statement.rate_based_statement !== undefined && rule.action?.block !== undefined),
        `${environment}/${region}: no rate is limited`,
      );
      demand(new Set(rules.map((rule) => rule.priority)).size === rules.length, `${environment}/${region}: priorities`);
    }
  }),
  requirement('O-24/copies', 'the role of the copies may read here, write there, and use the keys of both sides', (tree, demand) => {
    const [primary, standby] = ['production/eu-central-1', 'production/ap-southeast-1'];
    for (const kind of ['artifacts', 'models']) {
      const unit = `${primary}/storage/s3-${kind}`;
      const { attrs } = tree.one(unit, 'aws_s3_bucket_replication_configuration');
      const role = tree.follow(unit, attrs.role);
      const can = tree
        .resources('aws_iam_role_policy', unit)
        .filter((one) => tree.follow(unit, one.attrs.role)?.name === role?.name)
        .flatMap((one) => statements(one.attrs.policy));
      const ends = (action: string) =>
        allowed(can, action)
          .flatMap((one) => tree.referencesIn(unit, one))
          .map((one) => one.unit);
      demand(attrs.rule?.[0].status === 'Enabled', `${unit}: the rule is off`);
      demand(
        tree.follow(unit, attrs.bucket)?.attrs.bucket === `ai-tools-${kind}-production-eu-central-1`,
        `${unit}: copies of ${attrs.bucket}`,
      );
      demand(String(role?.attrs.assume_role_policy).includes('"s3.amazonaws.com"'), `${unit}: S3 may not use ${attrs.role}`);
      for (const [action, where] of [
        ['s3:GetReplicationConfiguration', unit],
        ['s3:GetObjectVersionForReplication', unit],
        ['s3:ReplicateObject', `${standby}/storage/s3-${kind}`],
        ['kms:Decrypt', `${primary}/security/kms`],
        ['kms:Encrypt', `${standby}/security/kms`],
      ] as const)
        demand(sameSet(ends(action), [where]), `${unit}: ${action} on ${ends(action).join()}`);
    }
  }),
  requirement('O-29/key', 'CloudWatch may use the key of the topic that its alarms tell', (tree, demand) => {
    for (const { environment, region } of places) {
      const topic = tree.one(`${environment}/${region}/monitoring/cloudwatch`, 'aws_sns_topic');
      const key = tree.follow(topic.unit, topic.attrs.kms_master_key_id);
      const admitted = statements(key?.attrs.policy).filter((one) => listOf(one.Principal?.Service).includes('cloudwatch.amazonaws.com'));
      demand(
        ['kms:Decrypt', 'kms:GenerateDataKey*'].every((action) =>
          admitted.some((one) => listOf(one.Action).some((granting) => granting === action || granting === action.replace('*', ''))),
        ),
        `${topic.unit}: the key of the topic`,
      );
    }
  }),
];
