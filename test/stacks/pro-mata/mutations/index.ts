import type { Mutation } from '../../olechka/mutations/mutation';
import { devMutations } from './dev';
import { pipelineMutations } from './pipelines';
import { prodMutations } from './prod';

/** At least one for every requirement of pro-mata: a thing done wrong in its synthesized tree. */
export const mutations: readonly Mutation[] = [...devMutations, ...prodMutations, ...pipelineMutations];
