import { accountId } from '../../../terrace/tree/account';
import type { AccountValues } from '../../../terrace/tree/values';

const id = accountId('AWS_ACCOUNT_ID_PRODUCTION', '025066254478');

export const account = {
  id,
  name: 'production',
  credentials: { kind: 'role', roleArn: `arn:aws:iam::${id}:role/OrganizationAccountAccessRole` },
} as const satisfies AccountValues;
