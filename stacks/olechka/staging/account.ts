import { accountId, type AccountValues } from 'terrace';

export const account = {
  id: accountId('AWS_ACCOUNT_ID_STAGING', '234567890123'),
  name: 'staging',
} as const satisfies AccountValues;
