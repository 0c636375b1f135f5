import { StatefulSetV1 } from '@cdktf/provider-kubernetes/lib/stateful-set-v1';
import type { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';

import { type Exposure, ExposedService } from './exposed-service';
import { metadata, nameLabel, type ObjectPlace } from './metadata';
import { OpaqueSecret } from './opaque-secret';
import { containerSecurity, podSecurity } from './pod-security';
import { credentialKeys, postgresUser } from './postgres-account';
import { PostgresBackup, type BackupNeeds } from './postgres-backup';
import type { Amounts } from './web-application';

export interface PostgresOptions {
  /** Name of the workload and label of its pods. */
  readonly name: string;
  readonly place: ObjectPlace;
  /** The official `postgres` image with an exact tag; its data folder is that of version 17 and before. */
  readonly image: string;
  readonly port: number;
  readonly database: string;
  readonly account: { readonly user: TerraformVariable; readonly password: TerraformVariable };
  readonly service: { readonly name: string; readonly exposure: Exposure; readonly sourceRanges?: string[] };
  /** GiB of the volume of data. */
  readonly storageGb: number;
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly backup: BackupNeeds;
}

const dataFolder = '/var/lib/postgresql/data';

/**
 * One PostgreSQL server with its volume, its account and a daily dump. The volume outlives the workload: Kubernetes keeps the claims of
 * a stateful set. One server, no standby; the password is read when the volume is first filled, so a later change is made in SQL too.
 */
export class Postgres extends Construct {
  readonly service: ExposedService;
  readonly credentials: OpaqueSecret;

  constructor(scope: Construct, id: string, options: PostgresOptions) {
    super(scope, id);
    const { name, place, image, port, database, account, service, storageGb, requests, limits, backup } = options;
    const selector = { [nameLabel]: name };
    this.credentials = new OpaqueSecret(this, 'credentials', {
      name: `${name}-credentials`,
      place,
      values: { [credentialKeys.user]: account.user, [credentialKeys.password]: account.password },
    });
    this.service = new ExposedService(this, 'service', { ...service, place, pods: name, port, portName: 'postgres' });
    const credential = (variable: string, key: string) => ({
      name: variable,
      valueFrom: { secretKeyRef: { name: this.credentials.name, key } },
    });
    const ready = { exec: { command: ['sh', '-c', `exec pg_isready --host=127.0.0.1 --port=${port} --username="$POSTGRES_USER"`] } };
    new StatefulSetV1(this, 'server', {
      metadata: metadata(name, place, selector),
      spec: {
        serviceName: this.service.name,
        replicas: '1',
        podManagementPolicy: 'OrderedReady',
        selector: { matchLabels: selector },
        updateStrategy: [{ type: 'RollingUpdate', rollingUpdate: [{ partition: 0 }] }],
        template: {
          metadata: { labels: { ...place.labels, ...selector } },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 60,
            securityContext: podSecurity(postgresUser),
            container: [
              {
                name,
                image,
                imagePullPolicy: 'IfNotPresent',
                args: ['-c', `port=${port}`],
                port: [{ name: 'postgres', containerPort: port, protocol: 'TCP' }],
                env: [
                  { name: 'POSTGRES_DB', value: database },
                  { name: 'PGDATA', value: `${dataFolder}/pgdata` },
                  credential('POSTGRES_USER', credentialKeys.user),
                  credential('POSTGRES_PASSWORD', credentialKeys.password),
                ],
                resources: { requests: { ...requests }, limits: { ...limits } },
                startupProbe: { ...ready, periodSeconds: 5, failureThreshold: 60, timeoutSeconds: 5 },
                livenessProbe: { ...ready, periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
                readinessProbe: { ...ready, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
                securityContext: containerSecurity,
                volumeMount: [
                  { name: 'data', mountPath: dataFolder },
                  { name: 'run', mountPath: '/var/run/postgresql' },
                  { name: 'tmp', mountPath: '/tmp' },
                ],
              },
            ],
            volume: ['run', 'tmp'].map((volume) => ({ name: volume, emptyDir: {} })),
          },
        },
        volumeClaimTemplate: [
          {
            metadata: { name: 'data', labels: { ...place.labels, ...selector } },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${storageGb}Gi` } } },
          },
        ],
      },
    });
    new PostgresBackup(this, 'backup', {
      name: `${name}-backup`,
      place,
      image,
      host: this.service.name,
      port,
      database,
      secret: this.credentials.name,
      needs: backup,
    });
  }
}
