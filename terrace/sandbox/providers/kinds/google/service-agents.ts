import type { ResourceBehaviour } from '../../engine/context';
import { textOf } from '../../protocol/value';
import { projectNumber } from './project-number';

/** Domains of service agents that are not `gcp-sa-<service>` (Google Cloud, "Service agents"). */
const domains: Readonly<Record<string, string>> = {
  cloudfunctions: 'gcf-admin-robot',
  composer: 'cloudcomposer-accounts',
  compute: 'compute-system',
  container: 'container-engine-robot',
  containerregistry: 'containerregistry',
  dataflow: 'dataflow-service-producer-prod',
  dataproc: 'dataproc-accounts',
  file: 'cloud-filer',
  redis: 'cloud-redis',
  run: 'serverless-robot-prod',
  servicenetworking: 'service-networking',
  sqladmin: 'gcp-sa-cloud-sql',
  storagetransfer: 'storage-transfer-service',
  tpu: 'cloud-tpu',
};

/** The account by which a service of Google acts in a project: `service-<number>@gcp-sa-pubsub.iam.gserviceaccount.com`. */
export const serviceIdentity: ResourceBehaviour = {
  create: ({ settings: { values } }, planned) => {
    const project = textOf(planned['project']) ?? values['project'] ?? '';
    const service = textOf(planned['service']) ?? '';
    const [name = ''] = service.split('.');
    const domain = domains[name] ?? `gcp-sa-${name}`;
    const email = `service-${projectNumber(project)}@${domain}.iam.gserviceaccount.com`;
    return { ...planned, project, id: `projects/${project}/services/${service}`, email, member: `serviceAccount:${email}` };
  },
};
