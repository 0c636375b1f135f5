/** A job of the pipeline that takes the application from a change to an environment. */
export interface PipelineJob {
  readonly title: string;
  readonly stage: PipelineStage;
  /** Jobs that must be green before it starts. */
  readonly needs: readonly PipelineJobName[];
}

export const pipelineStages = {
  quality: 'Quality Checks',
  testing: 'Testing',
  building: 'Build',
  deploy: 'Deploy',
} as const;

export type PipelineStage = keyof typeof pipelineStages;

export type PipelineJobName =
  | 'lint'
  | 'typecheck'
  | 'test'
  | 'coverage'
  | 'build'
  | 'deploy-preview'
  | 'deploy-staging'
  | 'e2e-staging'
  | 'deploy-production';

/** The jobs of the application's workflow by their names; what only hands files on is no stage of its own. */
export const pipelineJobs: Readonly<Record<PipelineJobName, PipelineJob>> = {
  lint: { title: 'Lint', stage: 'quality', needs: [] },
  typecheck: { title: 'Type Check', stage: 'quality', needs: [] },
  test: { title: 'Unit Tests', stage: 'testing', needs: ['lint', 'typecheck'] },
  coverage: { title: 'Coverage', stage: 'testing', needs: ['test'] },
  build: { title: 'Build', stage: 'building', needs: ['test'] },
  'deploy-preview': { title: 'Deploy Preview', stage: 'deploy', needs: ['build'] },
  'deploy-staging': { title: 'Deploy Staging', stage: 'deploy', needs: ['build'] },
  'e2e-staging': { title: 'E2E Tests', stage: 'deploy', needs: ['deploy-staging'] },
  'deploy-production': { title: 'Deploy Production', stage: 'deploy', needs: ['build'] },
};
