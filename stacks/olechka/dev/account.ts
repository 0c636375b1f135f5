import { accountId } from '../../../terrace/tree/account';
import type { AccountValues } from '../../../terrace/tree/values';

const id = accountId('AWS_ACCOUNT_ID_DEV', '123456789012');

export const account = {
  id,
  name: 'dev',
  credentials: { kind: 'role', roleArn: `arn:aws:iam::${id}:role/OrganizationAccountAccessRole` },
} as const satisfies AccountValues;
