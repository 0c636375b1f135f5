import { compute } from './stacks/olechka/mutations/compute';
import { data } from './stacks/olechka/mutations/data';
import { ends } from './stacks/olechka/mutations/ends';
import { environments } from './stacks/olechka/mutations/environments';
import { foundation } from './stacks/olechka/mutations/foundation';
import { monitoring } from './stacks/olechka/mutations/monitoring';
import { network } from './stacks/olechka/mutations/network';
import type { Mutation } from './stacks/olechka/mutations/mutation';

/** At least one for every requirement of olechka: a thing done wrong in its synthesized tree. */
export const mutations: readonly Mutation[] = [...foundation, ...network, ...compute, ...data, ...environments, ...monitoring, ...ends];
