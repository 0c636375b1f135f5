import type { OlechkaEnvironmentValues } from '../values';
import { account } from './account';

/** As production will be, in small: two zones of everything that fails over, on demand, two weeks of backups, one region each. */
export const env: OlechkaEnvironmentValues = {
  environment: 'staging',
  account,
  traffic: { nat: 2, endpointZones: 2 },
  loadBalancer: { deletionProtection: false, accessLogs: false },
  keys: { deletionWindowDays: 7, multiRegion: false },
  secrets: { recoveryWindowDays: 7 },
  service: { size: { cpu: 1024, memory: 2048 }, tasks: { min: 2, max: 10 } },
  images: { api: '1.0.0', worker: '1.0.0' },
  database: {
    instanceClass: 'db.r6g.large',
    readers: 1,
    backupDays: 14,
    deletionProtection: false,
    finalSnapshot: false,
    performanceInsightsDays: 7,
  },
  cache: {
    nodeType: 'cache.t3.micro',
    nodes: 2,
    automaticFailover: true,
    multiAz: false,
    authToken: false,
    snapshotDays: 1,
    finalSnapshot: false,
  },
  buckets: {},
  monitoring: { thresholds: { cpu: 80, memory: 80, errorRate: 5, latencySeconds: 1.5, databaseCpu: 75, databaseConnections: 75 } },
  preventDestroy: false,
  reservedCapacity: false,
};
