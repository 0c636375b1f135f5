import type { AccountValues } from 'terrace';

export const account = {
  id: '123456789012',
  name: 'dev',
} as const satisfies AccountValues;
