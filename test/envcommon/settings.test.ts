import { expect, test } from '@jest/globals';

import { containerHealth, service } from '../../envcommon/compute';
import { monitoring } from '../../envcommon/monitoring';
import { loadBalancer, traffic } from '../../envcommon/network';
import { bucket, cache, database } from '../../envcommon/storage';

test('a service runs on demand and scales at 75 and 80 per cent unless told otherwise', () => {
  const needs = { size: { cpu: 512, memory: 1024 }, tasks: { min: 1, max: 5 } };
  expect(service(needs)).toMatchObject({
    size: { cpu: 512, memory: 1024 },
    scaling: { min: 1, max: 5, cpuTarget: 75, memoryTarget: 80 },
    capacity: [{ provider: 'FARGATE', weight: 1, base: 1 }],
    minHealthyPercent: 50,
    logDays: 30,
    sidecar: { cpu: 32, memory: 256 },
  });
  expect(
    service({
      ...needs,
      cpuTarget: 70,
      memoryTarget: 75,
      minHealthyPercent: 100,
      logDays: 90,
      capacity: [{ provider: 'FARGATE_SPOT', weight: 4 }],
    }),
  ).toMatchObject({
    scaling: { cpuTarget: 70, memoryTarget: 75 },
    capacity: [{ provider: 'FARGATE_SPOT', weight: 4 }],
    minHealthyPercent: 100,
    logDays: 90,
  });
});

test('a container is asked on its own port', () => {
  expect(containerHealth(8081)).toEqual({
    command: 'curl -fsS http://localhost:8081/health || exit 1',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    retries: 3,
    startPeriodSeconds: 60,
  });
});

test('traffic leaves as the environment decides, and is remembered for 30 days by default', () => {
  const settings = traffic({ nat: 'single', endpointZones: 1 });
  expect(settings).toMatchObject({ nat: 'single', endpointZones: 1, flowLogDays: 30, gatewayEndpoints: ['s3', 'dynamodb'] });
  expect(settings.gatewayEndpoints.length + settings.interfaceEndpoints.length).toBe(17);
  expect(traffic({ nat: 2, endpointZones: 2, flowLogDays: 90 }).flowLogDays).toBe(90);
});

test('targets behind the load balancer have 10 seconds and a health check unless told otherwise', () => {
  expect(loadBalancer({ deletionProtection: false, accessLogs: false })).toMatchObject({
    deregistrationSeconds: 10,
    rateLimit: 2000,
    healthCheck: { path: '/health', intervalSeconds: 30, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 2, matcher: '200' },
  });
  expect(loadBalancer({ deletionProtection: true, accessLogs: true, deregistrationSeconds: 300, rateLimit: 500 })).toMatchObject({
    deregistrationSeconds: 300,
    rateLimit: 500,
  });
});

test('a database has its windows and is sampled every minute unless told otherwise', () => {
  const needs = { instanceClass: 'db.r6g.large', readers: 1, backupDays: 14, deletionProtection: false, finalSnapshot: false };
  expect(database(needs)).toMatchObject({
    engineVersion: '15.4',
    backupWindow: '03:00-04:00',
    maintenanceWindow: 'sun:04:00-sun:05:00',
    monitoringSeconds: 60,
    logDays: 30,
    backupDays: 14,
  });
  expect(database({ ...needs, monitoringSeconds: 30, logDays: 90 })).toMatchObject({ monitoringSeconds: 30, logDays: 90 });
});

test('caches and buckets take their defaults field by field', () => {
  expect(
    cache({
      nodeType: 'cache.t3.micro',
      nodes: 1,
      automaticFailover: false,
      multiAz: false,
      authToken: false,
      snapshotDays: 1,
      finalSnapshot: false,
    }),
  ).toMatchObject({ engineVersion: '7.1', logDays: 30 });
  expect(bucket({})).toEqual({ ages: { infrequentAccessDays: 30, glacierDays: 90, expireDays: 365, noncurrentDays: 30 } });
  expect(bucket({ ages: { infrequentAccessDays: 90, glacierDays: 180, expireDays: 2555 }, lockDays: 30 })).toEqual({
    ages: { infrequentAccessDays: 90, glacierDays: 180, expireDays: 2555, noncurrentDays: 30 },
    objectLock: { mode: 'GOVERNANCE', days: 30 },
  });
});

test('half of the requests are traced, and one period above a threshold calls somebody, unless told otherwise', () => {
  const thresholds = { cpu: 80, memory: 80, errorRate: 5, latencySeconds: 1.5, databaseCpu: 75, databaseConnections: 75 };
  expect(monitoring({ thresholds })).toMatchObject({ thresholds, periods: 1, periodSeconds: 60, samplingRate: 0.5 });
  expect(monitoring({ thresholds, periods: 2, samplingRate: 0.1 })).toMatchObject({ periods: 2, samplingRate: 0.1 });
});
