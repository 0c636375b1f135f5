import { compute } from './compute';
import { data } from './data';
import { environments } from './environments';
import { foundation } from './foundation';
import { monitoring } from './monitoring';
import { network } from './network';
import type { Requirement } from './requirement';
import { rights } from './rights';
import { routes } from './routes';
import { values } from './table';

/** Every requirement of the system's document that is infrastructure. */
export const requirements: readonly Requirement[] = [
  ...foundation,
  ...network,
  ...routes,
  ...compute,
  ...rights,
  ...data,
  ...environments,
  ...monitoring,
  ...values,
];
