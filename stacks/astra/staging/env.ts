import { exposureMatrix } from '../../../envcommon/exposure';
import { postgresImage, repositories } from '../images';
import type { AstraEnvironmentValues } from '../values';
import { account } from './account';

/** For limited testing: only the frontend can be reached, images are releases. */
export const env: AstraEnvironmentValues = {
  environment: 'staging',
  account,
  cluster: {
    name: 'staging-cluster',
    nodes: { count: 2, machineType: 'e2-custom-2-4096', preemptible: true, diskGb: 50 },
    protect: false,
  },
  exposure: exposureMatrix.staging,
  images: { frontend: { repository: repositories.frontend }, backend: { repository: repositories.backend }, postgres: postgresImage },
  tags: 'release',
  frontend: { pods: { min: 1, max: 5 } },
  backend: { pods: { min: 1, max: 5 } },
  database: { name: 'stg_db', storageGb: 3, backupDays: 7 },
  monitoring: { retentionDays: 7, storageGb: { prometheus: 10, grafana: 5 } },
};
