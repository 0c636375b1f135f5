import type { Requirement } from '../../olechka/requirements/requirement';
import { devResources } from './dev-resources';
import { devStacks } from './dev-stacks';
import { pipelines } from './pipelines';
import { production } from './prod';
import { productionWays } from './prod-ways';

/** Every requirement of the system's document, in the tree and in the pipelines. */
export const requirements: readonly Requirement[] = [...devResources, ...devStacks, ...production, ...productionWays, ...pipelines];
