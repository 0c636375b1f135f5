import { accountId } from '../../../terrace/tree/account';
import type { AccountValues } from '../../../terrace/tree/values';

export const account = {
  id: accountId('AWS_ACCOUNT_ID_PRODUCTION', '025066254478'),
  name: 'production',
} as const satisfies AccountValues;
