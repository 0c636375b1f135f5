import { CronJobV1 } from '@cdktf/provider-kubernetes/lib/cron-job-v1';
import { PersistentVolumeClaimV1 } from '@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1';
import { Construct } from 'constructs';

import { metadata, nameLabel, type ObjectPlace } from './metadata';
import { containerSecurity, podSecurity } from './pod-security';
import { credentialKeys, postgresUser } from './postgres-account';

export interface BackupNeeds {
  /** When, as cron writes it, in UTC. */
  readonly schedule: string;
  /** Days that a dump is kept. */
  readonly keepDays: number;
  /** GiB of the volume of dumps. */
  readonly storageGb: number;
}

export interface PostgresBackupOptions {
  /** Name of the job, and label of its pods. */
  readonly name: string;
  readonly place: ObjectPlace;
  readonly image: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Name of the secret with the database's account. */
  readonly secret: string;
  readonly needs: BackupNeeds;
}

/** Written under another name first: a dump that is there is whole. Old ones go only after a new one has come. */
const script = (keepDays: number): string =>
  [
    'set -eu',
    'file="/backup/$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump"',
    'rm -f /backup/*.part',
    'pg_dump --format=custom --file="$file.part"',
    'pg_restore --list "$file.part" > /dev/null',
    'mv "$file.part" "$file"',
    `find /backup -name '*.dump' -mtime +${keepDays} -delete`,
  ].join('\n');

/**
 * A dump of the database on a volume of its own, with a schedule. It protects from mistakes in the database, not from the loss of
 * the cluster: the volume lies in the same zone.
 */
export class PostgresBackup extends Construct {
  constructor(scope: Construct, id: string, options: PostgresBackupOptions) {
    super(scope, id);
    const { name, place, image, host, port, database, secret, needs } = options;
    const labels = { [nameLabel]: name };
    const claim = new PersistentVolumeClaimV1(this, 'claim', {
      metadata: metadata(name, place, labels),
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${needs.storageGb}Gi` } } },
      // Bound when the first job runs: waiting for it here would wait for the job's night.
      waitUntilBound: false,
    });
    const env = { PGHOST: host, PGPORT: String(port), PGDATABASE: database };
    new CronJobV1(this, 'job', {
      metadata: metadata(name, place, labels),
      spec: {
        schedule: needs.schedule,
        timezone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels: { ...place.labels, ...labels } },
          spec: {
            backoffLimit: 2,
            activeDeadlineSeconds: 3600,
            template: {
              metadata: { labels: { ...place.labels, ...labels } },
              spec: {
                restartPolicy: 'Never',
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                securityContext: podSecurity(postgresUser),
                container: [
                  {
                    name: 'dump',
                    image,
                    imagePullPolicy: 'IfNotPresent',
                    command: ['sh', '-c', script(needs.keepDays)],
                    env: [
                      ...Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
                      { name: 'PGUSER', valueFrom: { secretKeyRef: { name: secret, key: credentialKeys.user } } },
                      { name: 'PGPASSWORD', valueFrom: { secretKeyRef: { name: secret, key: credentialKeys.password } } },
                    ],
                    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
                    securityContext: containerSecurity,
                    volumeMount: [
                      { name: 'backup', mountPath: '/backup' },
                      { name: 'tmp', mountPath: '/tmp' },
                    ],
                  },
                ],
                volume: [
                  { name: 'backup', persistentVolumeClaim: { claimName: claim.metadata.name } },
                  { name: 'tmp', emptyDir: {} },
                ],
              },
            },
          },
        },
      },
    });
  }
}
