import { accountId } from '../../../terrace/tree/account';
import type { AccountValues } from '../../../terrace/tree/values';

const id = accountId('AWS_ACCOUNT_ID_STAGING', '234567890123');

export const account = {
  id,
  name: 'staging',
  credentials: { kind: 'role', roleArn: `arn:aws:iam::${id}:role/OrganizationAccountAccessRole` },
} as const satisfies AccountValues;
