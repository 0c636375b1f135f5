import { accountId, type AccountValues } from 'terrace';

export const account = {
  id: accountId('AWS_ACCOUNT_ID_PRODUCTION', '025066254478'),
  name: 'production',
} as const satisfies AccountValues;
