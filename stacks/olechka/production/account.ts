import type { AccountValues } from 'terrace';

export const account = {
  id: '025066254478',
  name: 'production',
} as const satisfies AccountValues;
