import type { AccountValues } from 'terrace';

import { stateAccount } from '../root';

/** The Azure subscription of development; its states are in production's AWS account. */
export const account = {
  id: '00000000-0000-0000-0000-000000000000',
  name: 'dev',
  stateAccountId: stateAccount,
} as const satisfies AccountValues;
