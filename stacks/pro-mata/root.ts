import type { RootValues, SourceRepository } from 'terrace';

/** pro-mata: the site and API of the Pró-Mata research centre; development on Azure, production on AWS. */
export const root = {
  system: 'pro-mata',
  project: 'promata',
  lock: 'dynamodb',
  liveTree: 'ignored',
} as const satisfies RootValues;

/** The AWS account of production, which also holds the states of both environments. */
export const stateAccount = '456789012345';

/** Where the states of both environments are. */
export const stateRegion = 'us-east-1';

/** The repository whose jobs may assume the roles of the pipelines; its ids are not known, so its name alone is trusted until they are given here. */
export const repository: SourceRepository = { name: 'AGES-Pro-Mata/infrastructure' };

/** The operators' login on every machine. */
export const operator = 'promata';
