/** How something costs, roughly; for a price, give the review Infracost's JSON. */
export interface CostDriver {
  readonly types: readonly string[];
  /** What is paid for. */
  readonly pays: string;
  /** `idle`: even when unused; `use`: by traffic or size; `once`: at apply, not given back. */
  readonly charged: 'idle' | 'use' | 'once';
  /** Order of magnitude of one, per month: tens, hundreds or thousands of euros. */
  readonly scale: 'tens' | 'hundreds' | 'thousands';
}

/** The table of docs/review.md: resources whose number decides the bill. */
export const costDrivers: readonly CostDriver[] = [
  {
    types: ['aws_nat_gateway', 'azurerm_nat_gateway'],
    pays: 'each gateway by the hour, and each gigabyte through it',
    charged: 'idle',
    scale: 'tens',
  },
  {
    types: ['aws_lb', 'azurerm_application_gateway', 'hcloud_load_balancer'],
    pays: 'each load balancer by the hour, and its traffic',
    charged: 'idle',
    scale: 'tens',
  },
  {
    types: ['aws_vpc_endpoint'],
    pays: 'each interface endpoint by the hour and zone (gateway endpoints are free)',
    charged: 'idle',
    scale: 'tens',
  },
  {
    types: ['aws_rds_cluster_instance', 'aws_db_instance', 'azurerm_postgresql_flexible_server', 'google_sql_database_instance'],
    pays: 'each instance by the hour and class; storage; backups beyond its size',
    charged: 'idle',
    scale: 'hundreds',
  },
  {
    types: ['aws_elasticache_replication_group', 'aws_elasticache_cluster', 'azurerm_redis_cache'],
    pays: 'each node by the hour and class',
    charged: 'idle',
    scale: 'hundreds',
  },
  {
    types: ['aws_instance', 'azurerm_linux_virtual_machine', 'google_compute_instance', 'hcloud_server'],
    pays: 'each machine by the hour and size',
    charged: 'idle',
    scale: 'tens',
  },
  {
    types: ['google_container_cluster', 'aws_eks_cluster', 'azurerm_kubernetes_cluster'],
    pays: 'the control plane by the hour, beside its nodes',
    charged: 'idle',
    scale: 'tens',
  },
  { types: ['google_container_node_pool'], pays: 'each node by the hour and size', charged: 'idle', scale: 'hundreds' },
  { types: ['aws_ecs_service'], pays: 'the CPU and memory of each running task', charged: 'idle', scale: 'tens' },
  {
    types: ['aws_rds_global_cluster', 'aws_kms_replica_key', 'aws_s3_bucket_replication_configuration'],
    pays: 'everything a second time in the other region, and copying between them',
    charged: 'use',
    scale: 'hundreds',
  },
  { types: ['aws_kms_key', 'aws_secretsmanager_secret'], pays: 'each one by the month, and its use', charged: 'idle', scale: 'tens' },
  { types: ['aws_wafv2_web_acl'], pays: 'the list, each rule and each million requests', charged: 'idle', scale: 'tens' },
  {
    types: ['azurerm_public_ip', 'aws_eip', 'hcloud_primary_ip', 'hcloud_floating_ip'],
    pays: 'each public IPv4 address by the hour',
    charged: 'idle',
    scale: 'tens',
  },
  {
    types: ['hcloud_volume', 'azurerm_managed_disk', 'aws_ebs_volume'],
    pays: 'each gigabyte, used or not',
    charged: 'idle',
    scale: 'tens',
  },
  {
    types: ['supabase_project', 'upstash_redis_database'],
    pays: 'the plan of each project or database, and use beyond it',
    charged: 'idle',
    scale: 'tens',
  },
  {
    types: ['cloudflare_load_balancer', 'cloudflare_logpush_job'],
    pays: 'the plan it belongs to, and its use',
    charged: 'use',
    scale: 'tens',
  },
  {
    types: ['aws_rds_reserved_instance', 'aws_elasticache_reserved_cache_node'],
    pays: 'one or three years in advance; it cannot be returned',
    charged: 'once',
    scale: 'thousands',
  },
];
