import type { PodUser } from './pod-security';

/** `postgres` in the official Debian image. */
export const postgresUser: PodUser = { user: 999, group: 999 };

/** Keys of the secret with the database's account. */
export const credentialKeys = { user: 'DB_USER', password: 'DB_PASSWORD' } as const;
