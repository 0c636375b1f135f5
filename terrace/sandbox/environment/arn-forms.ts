import { hex, type ValueSource } from './value-source';

interface ArnForm {
  readonly when: RegExp;
  readonly arn: (source: ValueSource, region: string) => string;
}

/** By words in the name; where none fits, by those in the description. */
const arnForms: readonly ArnForm[] = [
  { when: /certificate/, arn: (source, region) => `arn:aws:acm:${region}:${source.account}:certificate/${source.uuid()}` },
  { when: /kms|encryption|(^|_)key/, arn: (source, region) => `arn:aws:kms:${region}:${source.account}:key/${source.uuid()}` },
  { when: /topic|sns/, arn: (source, region) => `arn:aws:sns:${region}:${source.account}:sandbox` },
  { when: /queue|sqs/, arn: (source, region) => `arn:aws:sqs:${region}:${source.account}:sandbox` },
  {
    when: /secret/,
    arn: (source, region) => `arn:aws:secretsmanager:${region}:${source.account}:secret:sandbox-${source.letters(hex, 6)}`,
  },
  { when: /parameter|ssm/, arn: (source, region) => `arn:aws:ssm:${region}:${source.account}:parameter/sandbox` },
  { when: /lambda|function/, arn: (source, region) => `arn:aws:lambda:${region}:${source.account}:function:sandbox` },
  { when: /web_?acl|waf/, arn: (source, region) => `arn:aws:wafv2:${region}:${source.account}:regional/webacl/sandbox/${source.uuid()}` },
  { when: /table|dynamodb/, arn: (source, region) => `arn:aws:dynamodb:${region}:${source.account}:table/sandbox` },
  { when: /log_?group/, arn: (source, region) => `arn:aws:logs:${region}:${source.account}:log-group:sandbox` },
  { when: /repository|ecr/, arn: (source, region) => `arn:aws:ecr:${region}:${source.account}:repository/sandbox` },
  { when: /connection/, arn: (source, region) => `arn:aws:codeconnections:${region}:${source.account}:connection/${source.uuid()}` },
  { when: /bucket|s3/, arn: (source) => `arn:aws:s3:::sandbox-${source.letters(hex, 8)}` },
  { when: /oidc|identity_provider/, arn: (source) => `arn:aws:iam::${source.account}:oidc-provider/token.actions.githubusercontent.com` },
  { when: /policy/, arn: (source) => `arn:aws:iam::${source.account}:policy/sandbox` },
  { when: /role|principal/, arn: (source) => `arn:aws:iam::${source.account}:role/sandbox` },
  { when: /user/, arn: (source) => `arn:aws:iam::${source.account}:user/sandbox` },
];

/** An ARN of the service that the name (or else the description) speaks of; a certificate for CloudFront is in us-east-1. */
export function arnNamed(name: string, about: string, source: ValueSource): string {
  const region = /us-east-1|cloudfront/i.test(about) ? 'us-east-1' : source.region;
  const fits = (text: string): ArnForm | undefined => arnForms.find(({ when }) => when.test(text));
  const form = fits(name) ?? fits(about.toLowerCase());
  return form?.arn(source, region) ?? `arn:aws:iam::${source.account}:role/sandbox`;
}
