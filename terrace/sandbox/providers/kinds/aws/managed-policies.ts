import type { ObjectValue } from '../../protocol/value';
import { managedPolicies } from '../../tables/aws';
import { RandomStream } from '../../values/random-stream';
import type { Owned } from './owned-record';

/** Names that AWS gives its policies; other names are not answered for. */
const managedName =
  /^(AWS|Amazon|CloudWatch|CloudFront|IAM|EC2|Administrator|PowerUser|ReadOnly|ViewOnly|SecurityAudit|Billing|Database|DataScientist|Network|System|Support|SecretsManager|Resource|Service|Server|Translate|Comprehend|Elasti|Kms|KMS|AutoScaling|Alexa|WellArchitected|Cloud9|ROSA|VPC|Neptune|Media|QuickSight|Route53|Ecs|GlobalAccelerator)[A-Za-z0-9_-]*$/;

/** A document in the place of one that is not in the table: valid JSON that says of itself what it is. */
const standIn = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'TerraceSandboxStandIn', Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }],
};

/** The managed policy that a data source asks for by ARN or name: the common ones with their documents, others with a marked stand-in. */
export function managedPolicyRecords(settings: Readonly<Record<string, string>>, config: ObjectValue): readonly Owned[] {
  const { partition = 'aws' } = settings;
  const { paths } = managedPolicies();
  const asked = /^arn:[\w-]+:iam::aws:policy(\/(?:.*\/)?)([^/]+)$/.exec(String(config['arn'] ?? ''));
  const name = asked?.[2] ?? (typeof config['name'] === 'string' ? config['name'] : undefined);
  if (name === undefined || (asked === null && paths[name] === undefined && !managedName.test(name))) return [];
  const path = paths[name] ?? asked?.[1] ?? '/';
  const arn = `arn:${partition}:iam::aws:policy${path}${name}`;
  if (asked !== null && arn !== config['arn']) return [];
  const document = managedPolicies().documents[name] ?? standIn;
  return [
    {
      id: arn,
      values: {
        id: arn,
        arn,
        name,
        path,
        policy: JSON.stringify(document),
        policy_id: `ANPA${new RandomStream(`policy ${name}`).text(17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
        description: '',
        attachment_count: 0,
        tags: {},
      },
    },
  ];
}
