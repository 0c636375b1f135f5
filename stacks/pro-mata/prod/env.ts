import type { ProdValues } from '../values';
import { account } from './account';

/** Two zones, everything at least twice, nothing that can be deleted by mistake. */
export const env: ProdValues = {
  environment: 'prod',
  account,
  domains: { site: 'promata.ages.pucrs.br', api: 'api.promata.ages.pucrs.br' },
  images: { frontend: '1.0.0', backend: '1.0.0' },
  settings: { frontend: {}, backend: { NODE_ENV: 'production', LOG_LEVEL: 'info' } },
  traffic: { nat: 'per-az', endpointZones: 0, flowLogDays: 90 },
  loadBalancer: { deletionProtection: true, accessLogs: true, deregistrationSeconds: 60 },
  service: {
    size: { cpu: 512, memory: 1024 },
    tasks: { min: 2, max: 6 },
    cpuTarget: 70,
    memoryTarget: 75,
    minHealthyPercent: 100,
    logDays: 90,
  },
  database: { instanceClass: 'db.t4g.medium', storageGb: 50, backupDays: 14, multiAz: true, protect: true, logDays: 90 },
  cache: {
    nodeType: 'cache.t4g.small',
    nodes: 2,
    automaticFailover: true,
    multiAz: true,
    authToken: true,
    snapshotDays: 7,
    finalSnapshot: true,
    logDays: 90,
  },
  monitoring: {
    thresholds: { cpu: 80, memory: 80, errorRate: 2, latencySeconds: 1, databaseCpu: 80, databaseConnections: 80 },
    periods: 2,
  },
  keys: { deletionWindowDays: 30 },
  secrets: { recoveryWindowDays: 30 },
  protect: true,
};
