import type { OlechkaEnvironmentValues } from '../values';
import { account } from './account';

/** For trying things out: one NAT gateway, spot capacity, a week of backups, nothing twice. */
export const env: OlechkaEnvironmentValues = {
  environment: 'dev',
  account,
  traffic: { nat: 'single', endpointZones: 1 },
  loadBalancer: { deletionProtection: false, accessLogs: false },
  keys: { deletionWindowDays: 7, multiRegion: false },
  secrets: { recoveryWindowDays: 7 },
  service: {
    size: { cpu: 512, memory: 1024 },
    tasks: { min: 1, max: 5 },
    capacity: [
      { provider: 'FARGATE', weight: 1, base: 1 },
      { provider: 'FARGATE_SPOT', weight: 4 },
    ],
  },
  images: { api: '1.0.0', worker: '1.0.0' },
  database: { instanceClass: 'db.t3.medium', readers: 0, backupDays: 7, deletionProtection: false, finalSnapshot: false },
  cache: {
    nodeType: 'cache.t3.micro',
    nodes: 1,
    automaticFailover: false,
    multiAz: false,
    authToken: false,
    snapshotDays: 1,
    finalSnapshot: false,
  },
  buckets: {},
  monitoring: { thresholds: { cpu: 85, memory: 85, errorRate: 10, latencySeconds: 2, databaseCpu: 80, databaseConnections: 80 } },
  preventDestroy: false,
  reservedCapacity: false,
};
