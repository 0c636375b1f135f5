import type { JsonObject } from '../../terrace/diagram/read/configuration';
import { infrastructureOf } from '../../terrace/diagram/read/infrastructure';
import type { Infrastructure } from '../../terrace/diagram/read/graph';
import type { DependencyModel, Model, UnitModel } from '../../terrace/model/model';

/** One unit of a fixture: its path, what it depends on, its JSON. */
export interface FixtureUnit {
  readonly path: string;
  readonly dependencies?: readonly DependencyModel[];
  readonly json: JsonObject;
}

export function unitModel(path: string, dependencies: readonly DependencyModel[] = []): UnitModel {
  const [system = '', environment = '', region = '', layer = '', name = ''] = path.split('/');
  return {
    path,
    system,
    environment,
    region,
    layer,
    name,
    stackId: path.replaceAll('/', '-'),
    wave: dependencies.length === 0 ? 0 : 1,
    dependencies,
    outputs: [],
    variables: [],
    backend: { bucket: `state-${system}`, key: `${path}/terraform.tfstate`, region: 'eu-central-1', kmsKeyId: 'key', useLockfile: false },
    bootstrap: false,
    appliedByBootstrap: false,
  };
}

export function modelOf(units: readonly FixtureUnit[], planned: readonly string[] = []): Model {
  const models = units.map(({ path, dependencies }) => unitModel(path, dependencies));
  const systems = [...new Set(models.map((unit) => unit.system))].map((name) => ({
    name,
    project: name,
    lock: 'dynamodb' as const,
    liveTree: 'ignored' as const,
    keyPrefix: '',
    environments: [...new Set(models.filter((unit) => unit.system === name).map((unit) => unit.environment))].map((environment) => ({
      name: environment,
      stateAccount: '123456789012',
      credentials: { kind: 'ambient' as const },
      planned: planned.includes(environment),
    })),
  }));
  return { version: 1, commit: null, dirty: false, systems, units: models };
}

export function graphOf(units: readonly FixtureUnit[], planned: readonly string[] = []): Infrastructure {
  return infrastructureOf(modelOf(units, planned), new Map(units.map(({ path, json }) => [path, json])));
}

export function reads(unit: string, remoteState: string, ...outputs: string[]): DependencyModel {
  return { unit, remoteState, outputs };
}

const state = (name: string, output: string): string => `\${data.terraform_remote_state.${name}.outputs.${output}}`;

const region = 'shop/dev/eu-central-1';

/** A small shop on AWS: network with two tiers, key, balancer, service and database, each in a unit of its own. */
export const shop: readonly FixtureUnit[] = [
  {
    path: `${region}/network/vpc`,
    json: {
      resource: {
        aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
        aws_internet_gateway: { main: { vpc_id: '${aws_vpc.main.id}' } },
        aws_subnet: {
          'private-a': { vpc_id: '${aws_vpc.main.id}', cidr_block: '10.0.1.0/24' },
          'private-b': { vpc_id: '${aws_vpc.main.id}', cidr_block: '10.0.2.0/24' },
          'public-a': { vpc_id: '${aws_vpc.main.id}', cidr_block: '10.0.101.0/24' },
          'public-b': { vpc_id: '${aws_vpc.main.id}', cidr_block: '10.0.102.0/24' },
        },
        aws_eip: { nat: { domain: 'vpc' } },
        aws_nat_gateway: {
          main: { subnet_id: '${aws_subnet.public-a.id}', allocation_id: '${aws_eip.nat.id}', depends_on: ['aws_internet_gateway.main'] },
        },
      },
      output: {
        vpc_id: { value: '${aws_vpc.main.id}' },
        private_subnet_ids: { value: ['${aws_subnet.private-a.id}', '${aws_subnet.private-b.id}'] },
        public_subnet_ids: { value: ['${aws_subnet.public-a.id}', '${aws_subnet.public-b.id}'] },
      },
    },
  },
  {
    path: `${region}/security/kms`,
    json: {
      resource: { aws_kms_key: { main: {} }, aws_kms_alias: { main: { name: 'alias/shop', target_key_id: '${aws_kms_key.main.id}' } } },
      output: { key_arn: { value: '${aws_kms_key.main.arn}' } },
    },
  },
  {
    path: `${region}/network/alb`,
    dependencies: [reads(`${region}/network/vpc`, 'vpc', 'public_subnet_ids', 'vpc_id')],
    json: {
      resource: {
        aws_lb: { web: { subnets: state('vpc', 'public_subnet_ids') } },
        aws_lb_listener: { https: { load_balancer_arn: '${aws_lb.web.arn}', port: 443 } },
        aws_lb_target_group: { api: { vpc_id: state('vpc', 'vpc_id'), port: 8080 } },
      },
      output: { target_group_arn: { value: '${aws_lb_target_group.api.arn}' } },
    },
  },
  {
    path: `${region}/storage/aurora`,
    dependencies: [reads(`${region}/network/vpc`, 'vpc', 'private_subnet_ids'), reads(`${region}/security/kms`, 'kms', 'key_arn')],
    json: {
      resource: {
        aws_db_subnet_group: { main: { subnet_ids: state('vpc', 'private_subnet_ids') } },
        aws_rds_cluster: {
          main: {
            engine: 'aurora-postgresql',
            db_subnet_group_name: '${aws_db_subnet_group.main.name}',
            kms_key_id: state('kms', 'key_arn'),
          },
        },
      },
      output: { endpoint: { value: '${aws_rds_cluster.main.endpoint}' } },
    },
  },
  {
    path: `${region}/compute/api`,
    dependencies: [
      reads(`${region}/network/alb`, 'alb', 'target_group_arn'),
      reads(`${region}/network/vpc`, 'vpc', 'private_subnet_ids'),
      reads(`${region}/storage/aurora`, 'aurora', 'endpoint'),
    ],
    json: {
      data: { aws_iam_policy_document: { read: { statement: [{ resources: ['${aws_ecs_cluster.main.arn}'] }] } } },
      resource: {
        aws_ecs_cluster: { main: {} },
        aws_iam_role: { task: { assume_role_policy: '${data.aws_iam_policy_document.read.json}' } },
        aws_ecs_service: {
          api: {
            cluster: '${aws_ecs_cluster.main.id}',
            network_configuration: { subnets: state('vpc', 'private_subnet_ids') },
            load_balancer: [{ target_group_arn: state('alb', 'target_group_arn') }],
          },
        },
        aws_ecs_task_definition: {
          api: {
            container_definitions: `\${jsonencode([{"host": data.terraform_remote_state.aurora.outputs.endpoint}])}`,
            task_role_arn: '${aws_iam_role.task.arn}',
          },
        },
      },
    },
  },
];

export const everyUnit = (units: readonly FixtureUnit[]): ReadonlySet<string> => new Set(units.map(({ path }) => path));
