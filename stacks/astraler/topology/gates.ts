/** What must be green before a change goes on, by the names of the jobs of the pipeline; in the order of the document. */
export const gates = {
  lint: { title: 'Linting', requirement: '0 errors', blocking: true },
  typecheck: { title: 'Type Check', requirement: '0 errors', blocking: true },
  test: { title: 'Unit Tests', requirement: 'Pass', blocking: true },
  coverage: { title: 'Coverage', requirement: '> 70%', blocking: false },
  build: { title: 'Build', requirement: 'Success', blocking: true },
  'e2e-staging': { title: 'E2E Tests', requirement: 'Pass (staging)', blocking: true },
} as const;

/** Per cent of lines below which the pipeline warns. */
export const coverageWarning = 70;

/** The jobs that a branch waits for. Tests against staging run after a merge to develop, so that only main can wait for them. */
export function requiredChecks(branch: 'main' | 'develop'): readonly string[] {
  return Object.entries(gates)
    .filter(([job, { blocking }]) => blocking && (branch === 'main' || job !== 'e2e-staging'))
    .map(([job]) => job);
}
