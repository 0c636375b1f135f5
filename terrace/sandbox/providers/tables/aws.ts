import { readTable } from './read-table';

type ByRegion = Readonly<Record<string, string>>;

/** Facts of aws that are the same for everybody: names of regions, ids of hosted zones and accounts, what services offer. */
export interface AwsTable {
  readonly regions: ByRegion;
  readonly optIn: readonly string[];
  readonly hostedZones: Readonly<Record<'application' | 'network' | 'website' | 'beanstalk', ByRegion>>;
  readonly accounts: Readonly<Record<'cloudtrail' | 'loadBalancer', ByRegion>>;
  readonly cloudFront: {
    /** Id, and least, usual and greatest time to live in seconds. */
    readonly cache: Readonly<Record<string, readonly [string, number, number, number]>>;
    readonly originRequest: Readonly<Record<string, string>>;
    readonly responseHeaders: Readonly<Record<string, string>>;
  };
  readonly endpoints: Readonly<Record<'gateway' | 'interface', readonly string[]>>;
  readonly serviceRoles: Readonly<Record<string, string>>;
  readonly images: readonly ImageFamily[];
  /** Families of instance types: memory per virtual CPU in GiB, and sizes. */
  readonly instances: Readonly<Record<string, InstanceFamily>>;
  readonly engines: Readonly<Record<string, { readonly versions: readonly string[]; readonly default: string }>>;
}

export interface ImageFamily {
  /** `{v}` is the version, `{arch}` and `{deb}` the architecture as the two families of publishers write it. */
  readonly name: string;
  readonly architectures: readonly string[];
  readonly owner: string;
  readonly alias: string;
  readonly versions: readonly string[];
  readonly device: string;
  readonly description: string;
}

export interface InstanceFamily {
  readonly arch: 'x86_64' | 'arm64';
  readonly ratio: number;
  readonly burstable?: true;
  readonly sizes: readonly string[];
}

export function awsTable(): AwsTable {
  return readTable('aws') as AwsTable;
}

/** Managed policies of AWS: paths and true documents of the common ones. */
export interface ManagedPolicies {
  readonly paths: Readonly<Record<string, string>>;
  readonly documents: Readonly<Record<string, object>>;
}

export function managedPolicies(): ManagedPolicies {
  return readTable('aws-managed-policies') as ManagedPolicies;
}

/** Address ranges of services by region: IPv4, then IPv6. */
export interface AddressRanges {
  readonly syncToken: number;
  readonly createDate: string;
  readonly services: Readonly<Record<string, Readonly<Record<string, readonly [readonly string[], readonly string[]]>>>>;
}

export function addressRanges(): AddressRanges {
  return readTable('aws-ip-ranges') as AddressRanges;
}
