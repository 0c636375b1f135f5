import type { AccountValues } from 'terrace';

export const account = {
  id: '234567890123',
  name: 'staging',
} as const satisfies AccountValues;
