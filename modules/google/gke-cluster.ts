import { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster';
import { ContainerNodePool } from '@cdktf/provider-google/lib/container-node-pool';
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { Fn, type TerraformVariable, TerraformIterator } from 'cdktf';
import { Construct } from 'constructs';

import { type ClusterAddresses, ClusterNetwork, secondaryRanges } from './cluster-network';

/** The nodes of a cluster. */
export interface NodeSettings {
  readonly count: number;
  readonly machineType: string;
  /** Cheaper nodes that Google takes back within a day. */
  readonly preemptible: boolean;
  /** GB of a node's disk. */
  readonly diskGb: number;
}

export interface GkeClusterOptions {
  readonly name: string;
  readonly project: string;
  readonly region: string;
  /** Zone of control plane and nodes. */
  readonly zone: string;
  readonly addresses: ClusterAddresses;
  readonly nodes: NodeSettings;
  /** A variable with the networks that may ask the API server: `list(string)` of CIDRs. */
  readonly administrators: TerraformVariable;
  readonly labels: Record<string, string>;
  /** Refuses deletion, at Google and in a plan. */
  readonly protect: boolean;
}

/**
 * A zonal GKE cluster in a network of its own: private nodes with an account that may write logs and metrics only, Workload Identity
 * for pods, and Dataplane V2, without which network policies would not be enforced. The API server has a public address that only the
 * administrators' networks reach; who may do what is IAM's business, without client certificates.
 */
export class GkeCluster extends Construct {
  readonly cluster: ContainerCluster;

  constructor(scope: Construct, id: string, options: GkeClusterOptions) {
    super(scope, id);
    const { name, project, region, zone, addresses, nodes, administrators, labels, protect } = options;
    const { network, subnet } = new ClusterNetwork(this, 'network', { name, region, addresses });
    const account = new ServiceAccount(this, 'node-account', {
      accountId: `${name}-nodes`,
      displayName: `Nodes of ${name}`,
    });
    new ProjectIamMember(this, 'node-role', {
      project,
      role: 'roles/container.defaultNodeServiceAccount',
      member: account.member,
    });
    const allowed = TerraformIterator.fromList(administrators.listValue);
    this.cluster = new ContainerCluster(this, 'cluster', {
      name,
      location: zone,
      network: network.id,
      subnetwork: subnet.id,
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      datapathProvider: 'ADVANCED_DATAPATH',
      enableShieldedNodes: true,
      networkingMode: 'VPC_NATIVE',
      ipAllocationPolicy: {
        clusterSecondaryRangeName: secondaryRanges.pods,
        servicesSecondaryRangeName: secondaryRanges.services,
      },
      privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: false, masterIpv4CidrBlock: addresses.controlPlane },
      masterAuthorizedNetworksConfig: { cidrBlocks: allowed.dynamic({ cidr_block: allowed.value }) },
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
      releaseChannel: { channel: 'REGULAR' },
      maintenancePolicy: { dailyMaintenanceWindow: { startTime: '03:00' } },
      resourceLabels: labels,
      deletionProtection: protect,
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    new ContainerNodePool(this, 'nodes', {
      name: `${name}-nodes`,
      cluster: this.cluster.id,
      location: zone,
      nodeCount: nodes.count,
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { maxSurge: 1, maxUnavailable: 0 },
      nodeConfig: {
        machineType: nodes.machineType,
        preemptible: nodes.preemptible,
        diskSizeGb: nodes.diskGb,
        diskType: 'pd-standard',
        imageType: 'COS_CONTAINERD',
        serviceAccount: account.email,
        oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
        metadata: { 'disable-legacy-endpoints': 'true' },
        workloadMetadataConfig: { mode: 'GKE_METADATA' },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        resourceLabels: labels,
      },
    });
  }

  /** Address of the API server. */
  get endpoint(): string {
    return `https://${this.cluster.endpoint}`;
  }

  /** PEM of the authority that signs the API server's certificate. */
  get authority(): string {
    return Fn.base64decode(this.cluster.masterAuth.clusterCaCertificate);
  }
}
