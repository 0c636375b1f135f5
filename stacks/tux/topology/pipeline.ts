/** A stage of the way from a change to production. */
export interface Stage {
  readonly id: string;
  readonly title: string;
  /** Job of .github/workflows/tux.yml that does it; absent for what people do. */
  readonly job?: string;
}

/** In order; each follows the one before. */
export const pipeline: readonly Stage[] = [
  { id: 'DEV', title: 'Local Development' },
  { id: 'COMMIT', title: 'Git Commit' },
  { id: 'PR', title: 'Pull Request' },
  { id: 'REVIEW', title: 'Code Review' },
  { id: 'MERGE', title: 'Merge to Main' },
  { id: 'BUILD', title: 'CI Build', job: 'detect' },
  { id: 'TEST', title: 'Automated Tests', job: 'test' },
  { id: 'DEPLOY_STAGING', title: 'Deploy to Staging', job: 'staging-1' },
  { id: 'MANUAL_TEST', title: 'Manual Testing', job: 'manual-testing' },
  { id: 'DEPLOY_PROD', title: 'Deploy to Production', job: 'production-1' },
  { id: 'MONITOR', title: 'Monitor & Verify', job: 'monitor' },
];
