import type { Json } from '../tree';
import { change, dev, eu, mutation, redirect, type Mutation } from './mutation';

export const environments: readonly Mutation[] = [
  mutation('O-22', 'on-demand capacity in dev', (tree) =>
    change(tree, `${dev}/compute/ecs-service-api`, 'aws_ecs_service', '', (attrs) => void (attrs.capacity_provider_strategy[1].weight = 1)),
  ),
  mutation('O-22', 'a second NAT gateway in dev', (tree) => {
    const gateways = tree.units[`${dev}/network/vpc`].resource.aws_nat_gateway;
    gateways.second = structuredClone(Object.values(gateways)[0]);
  }),
  mutation('O-23', 'both NAT gateways of staging in one zone', (tree) => {
    const gateways: Json[] = Object.values(tree.units['staging/eu-central-1/network/vpc'].resource.aws_nat_gateway);
    gateways[1].subnet_id = gateways[0].subnet_id;
  }),
  mutation('O-23', "dev's backups in staging", (tree) =>
    change(tree, 'staging/ap-southeast-1/storage/aurora', 'aws_rds_cluster', '', (attrs) => void (attrs.backup_retention_period = 7)),
  ),
  mutation('O-24', 'replication into the wrong bucket', (tree) =>
    redirect(tree, `${eu}/storage/s3-artifacts`, 'ap_southeast_1_storage_s3_artifacts', 'production/ap-southeast-1/storage/s3-models'),
  ),
  mutation('O-24', 'a secondary outside the global database', (tree) =>
    change(tree, 'production/ap-southeast-1/storage/aurora', 'aws_rds_cluster', '', (attrs) => void delete attrs.global_cluster_identifier),
  ),
  mutation('O-24', 'spot capacity in production', (tree) =>
    change(
      tree,
      `${eu}/compute/ecs-service-worker`,
      'aws_ecs_service',
      '',
      (attrs) => void attrs.capacity_provider_strategy.push({ capacity_provider: 'FARGATE_SPOT', weight: 1, base: 0 }),
    ),
  ),
  mutation('O-24', 'a secret without its replica', (tree) =>
    change(tree, `${eu}/security/secrets`, 'aws_secretsmanager_secret', 'jwt-secret', (attrs) => void delete attrs.replica),
  ),
  mutation(
    'O-25',
    'a reservation that nobody asked for',
    (tree) => void (tree.units[`${eu}/storage/aurora`].resource.aws_rds_reserved_instance = { one: { offering_id: 'x' } }),
  ),
];
