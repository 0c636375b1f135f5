import { declareOutputs, text } from 'terrace';

import { webApplication } from '../../../../envcommon/kubernetes';
import { OpaqueSecret } from '../../../../modules/kubernetes/opaque-secret';
import { credentialKeys } from '../../../../modules/kubernetes/postgres-account';
import { WebApplication } from '../../../../modules/kubernetes/web-application';
import type { AstraRegion } from '../../astra-unit';
import { ClusterUnit } from '../../cluster-unit';
import { serviceImage } from '../../image-variable';
import { workloads } from '../../topology';
import { PostgresUnit } from '../data/postgres';
import { NetworkPoliciesUnit } from '../security/network-policies';

const outputs = declareOutputs({ serviceName: text(workloads.backend.service) });

/** Its own secrets, by the name of the environment variable; each is a variable of terraform in lower case. */
const secrets = {
  DJANGO_SECRET_KEY: "Django's signing key",
  CELERY_BROKER_URL: 'URL of the broker for background jobs, including the password',
  CELERY_RESULT_BACKEND: 'URL of the store for the results of background jobs, including the password',
  EMAIL_HOST_USER: 'User name for the SMTP server that sends mail',
  EMAIL_HOST_PASSWORD: 'Password for the SMTP server that sends mail',
} as const;

/** The Django backend. */
export class BackendUnit extends ClusterUnit<typeof outputs> {
  constructor(region: AstraRegion, id: string) {
    super(region, id, outputs);
    this.useCluster({ helm: false });
    const { applicationsNamespace } = this.dependency(region.unit(NetworkPoliciesUnit));
    const database = this.dependency(region.unit(PostgresUnit));
    const { port, service } = workloads.backend;
    const place = { namespace: applicationsNamespace, labels: this.labels };
    const secret = new OpaqueSecret(this, 'secrets', {
      name: 'backend-secrets',
      place,
      values: Object.fromEntries(
        Object.entries(secrets).map(([name, description]) => [name, this.variable(name.toLowerCase(), { description, sensitive: true })]),
      ),
    });
    const backend = new WebApplication(this, 'application', {
      name: 'backend',
      place,
      image: serviceImage(this, 'backend'),
      port,
      service: { name: service, exposure: this.environment.exposure.backend },
      probes: {
        liveness: { path: '/health/', host: service, delay: 45 },
        readiness: { path: '/health/', host: service, delay: 20 },
      },
      ...webApplication(this.environment.backend),
      user: { user: 10_001, group: 10_001 },
      settings: {
        DB_HOST: database.serviceName,
        DB_PORT: String(workloads.postgres.port),
        DB_NAME: this.environment.database.name,
        EMAIL_HOST: 'smtp.gmail.com',
        EMAIL_PORT: '587',
      },
      secrets: {
        ...Object.fromEntries(Object.values(credentialKeys).map((key) => [key, { secret: database.credentialsName, key }])),
        ...Object.fromEntries(Object.keys(secrets).map((key) => [key, { secret: secret.name, key }])),
      },
      writable: ['/media'],
    });
    this.outputs({ serviceName: backend.service.name });
  }
}
