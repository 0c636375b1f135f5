import type { AccountValues } from 'terrace';

import { stateAccount } from '../root';

export const account = { id: stateAccount, name: 'prod' } as const satisfies AccountValues;
