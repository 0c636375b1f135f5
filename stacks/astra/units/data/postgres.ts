import { TerraformVariable } from 'cdktf';
import { declareOutputs, text } from 'terrace';

import { databaseServer } from '../../../../envcommon/kubernetes';
import { Postgres } from '../../../../modules/kubernetes/postgres';
import type { AstraRegion } from '../../astra-unit';
import { ClusterUnit } from '../../cluster-unit';
import { workloads } from '../../topology';
import { NetworkPoliciesUnit } from '../security/network-policies';

const outputs = declareOutputs({ serviceName: text(workloads.postgres.service), credentialsName: text('postgres-credentials') });

/** The database with its volume and its daily dump. Other units take the name of its service and of its secret, never a password. */
export class PostgresUnit extends ClusterUnit<typeof outputs> {
  constructor(region: AstraRegion, id: string) {
    super(region, id, outputs);
    this.useCluster({ helm: false });
    const { applicationsNamespace } = this.dependency(region.unit(NetworkPoliciesUnit));
    const { database, exposure, images } = this.environment;
    const { port, service } = workloads.postgres;
    const secret = (name: string, description: string) => this.variable(name, { description, sensitive: true });
    const postgres = new Postgres(this, 'postgres', {
      name: 'postgres',
      place: { namespace: applicationsNamespace, labels: this.labels },
      image: images.postgres,
      port,
      database: database.name,
      account: {
        user: secret('db_user', 'User name of the database account'),
        password: secret('db_password', 'Password of the database account'),
      },
      service: {
        name: service,
        exposure: exposure.postgres,
        ...(exposure.postgres === 'load-balancer' ? { sourceRanges: this.sourceRanges() } : {}),
      },
      ...databaseServer(database),
    });
    this.outputs({ serviceName: postgres.service.name, credentialsName: postgres.credentials.name });
  }

  /** Who may use the database's load balancer: everybody, as the document has it, unless somebody narrows it. */
  private sourceRanges(): string[] {
    const variable = new TerraformVariable(this, 'database_source_ranges', {
      type: 'list(string)',
      description: "CIDRs that may connect to the database's load balancer",
      default: ['0.0.0.0/0'],
      nullable: false,
    });
    variable.overrideLogicalId('database_source_ranges');
    return variable.listValue;
  }
}
