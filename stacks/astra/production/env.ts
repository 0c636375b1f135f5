import { exposureMatrix } from '../../../envcommon/exposure';
import { postgresImage, repositories } from '../images';
import type { AstraEnvironmentValues } from '../values';
import { account } from './account';

/** Described and not built yet. The frontend alone is reached, through the ingress; nodes are regular and everything is there twice. */
export const env: AstraEnvironmentValues = {
  environment: 'production',
  account,
  planned: true,
  cluster: {
    name: 'production-cluster',
    nodes: { count: 3, machineType: 'e2-custom-2-4096', preemptible: false, diskGb: 50 },
    protect: true,
  },
  exposure: exposureMatrix.production,
  images: { frontend: { repository: repositories.frontend }, backend: { repository: repositories.backend }, postgres: postgresImage },
  tags: 'release',
  frontend: { pods: { min: 2, max: 5 } },
  backend: { pods: { min: 2, max: 5 } },
  database: { name: 'prod_db', storageGb: 20, backupDays: 30 },
  monitoring: { retentionDays: 30, storageGb: { prometheus: 50, grafana: 5 } },
  postgresExporter: true,
};
