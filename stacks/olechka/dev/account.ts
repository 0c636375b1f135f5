import { accountId } from '../../../terrace/tree/account';
import type { AccountValues } from '../../../terrace/tree/values';

export const account = {
  id: accountId('AWS_ACCOUNT_ID_DEV', '123456789012'),
  name: 'dev',
} as const satisfies AccountValues;
