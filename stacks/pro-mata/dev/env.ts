import type { DevValues } from '../values';
import { account } from './account';

/** Two small machines that hold everything; what is lost here is a night's work of tests. */
export const env: DevValues = {
  environment: 'dev',
  account,
  domain: 'promata-dev.duckdns.org',
  images: { frontend: '1.0.0', backend: '1.0.0' },
  settings: { frontend: {}, backend: { NODE_ENV: 'development', LOG_LEVEL: 'debug' } },
  vmSize: 'Standard_B2s',
  workerCount: 1,
  systemDiskGb: 64,
  containers: {
    frontend: { size: { cpu: 128, memory: 128 }, tasks: { min: 2, max: 2 } },
    backend: { size: { cpu: 512, memory: 512 }, tasks: { min: 2, max: 2 } },
  },
  database: { storageGb: 32, backupDays: 7 },
  watch: { thresholds: { cpu: 80, memory: 80, databaseConnections: 80, disk: 85 } },
  secretRetentionDays: 7,
};
