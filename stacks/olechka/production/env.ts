import type { OlechkaEnvironmentValues } from '../values';
import { account } from './account';

/** Everything in three zones and twice over two regions, a month of backups, nothing that can be deleted by mistake. */
export const env: OlechkaEnvironmentValues = {
  environment: 'production',
  account,
  protected: true,
  traffic: { nat: 'per-az', endpointZones: 3, flowLogDays: 90 },
  loadBalancer: { deletionProtection: true, accessLogs: true, deregistrationSeconds: 300 },
  keys: { deletionWindowDays: 30, multiRegion: true },
  secrets: { recoveryWindowDays: 30, rotation: { databaseDays: 30, jwtDays: 90 } },
  service: {
    size: { cpu: 2048, memory: 4096 },
    tasks: { min: 3, max: 20 },
    cpuTarget: 70,
    memoryTarget: 75,
    minHealthyPercent: 100,
    logDays: 90,
  },
  images: { api: '1.0.0', worker: '1.0.0' },
  database: {
    instanceClass: 'db.r6g.xlarge',
    readers: 2,
    backupDays: 30,
    vaultDays: 30,
    deletionProtection: true,
    finalSnapshot: true,
    performanceInsightsDays: 731,
    monitoringSeconds: 30,
    readerScaling: { min: 1, max: 4 },
    logDays: 90,
  },
  cache: {
    nodeType: 'cache.r6g.xlarge',
    nodes: 3,
    automaticFailover: true,
    multiAz: true,
    authToken: true,
    snapshotDays: 7,
    finalSnapshot: true,
    logDays: 90,
  },
  buckets: { ages: { infrequentAccessDays: 90, glacierDays: 180, expireDays: 2555 }, lockDays: 30 },
  monitoring: {
    thresholds: { cpu: 75, memory: 75, errorRate: 2, latencySeconds: 1, databaseCpu: 70, databaseConnections: 70 },
    periods: 2,
    samplingRate: 0.1,
  },
  preventDestroy: true,
  reservedCapacity: false,
};
