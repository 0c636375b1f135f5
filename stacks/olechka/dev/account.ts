import { accountId, type AccountValues } from 'terrace';

export const account = {
  id: accountId('AWS_ACCOUNT_ID_DEV', '123456789012'),
  name: 'dev',
} as const satisfies AccountValues;
