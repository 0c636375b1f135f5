import { exposureMatrix } from '../../../envcommon/exposure';
import { postgresImage, repositories } from '../images';
import type { AstraEnvironmentValues } from '../values';
import { account } from './account';

/** For rapid testing of integrations and debugging: every service has a load balancer, images are those of a commit. */
export const env: AstraEnvironmentValues = {
  environment: 'development',
  account,
  cluster: {
    name: 'development-cluster',
    nodes: { count: 2, machineType: 'e2-custom-2-4096', preemptible: true, diskGb: 50 },
    protect: false,
  },
  exposure: exposureMatrix.development,
  images: { frontend: { repository: repositories.frontend }, backend: { repository: repositories.backend }, postgres: postgresImage },
  tags: 'any',
  frontend: { pods: { min: 1, max: 5 } },
  backend: { pods: { min: 1, max: 5 } },
  database: { name: 'main_db', storageGb: 3, backupDays: 3 },
  monitoring: { retentionDays: 7, storageGb: { prometheus: 10, grafana: 5 } },
};
