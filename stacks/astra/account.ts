import type { AccountValues } from 'terrace';

/** Clusters are in Google projects: this AWS account holds the states of all environments. */
export const stateAccount = '567890123456';

/** The account of an environment: its Google project, and where its states are. */
export function googleProject(project: string): AccountValues {
  return { id: project, name: project, stateAccountId: stateAccount };
}
