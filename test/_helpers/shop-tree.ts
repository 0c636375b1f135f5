import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';

import { dynamodbClient, s3Client } from '../../terrace/aws/clients';
import type { Model, OutputModel, UnitModel, VariableModel } from '../../terrace/model/model';
import { wavesOf } from '../../terrace/model/waves';

/** Account of the shop's states. */
export const shopAccount = '123456789012';
const region = 'eu-central-1';
const bucket = `terraform-state-${shopAccount}-${region}`;
const table = `terraform-locks-${shopAccount}`;

/** One unit of the shop, as a test describes it. */
export interface ShopUnit {
  /** `<layer>/<unit>`. */
  readonly id: string;
  /** Blocks of its JSON: `resource`, `output`, `locals`, … */
  readonly json: { readonly [block: string]: unknown };
  /** Outputs it reads, by the id of the unit that gives them. */
  readonly reads?: { readonly [id: string]: readonly string[] };
  readonly outputs?: readonly Partial<OutputModel>[];
  readonly variables?: readonly VariableModel[];
  readonly movedFrom?: string;
  readonly assets?: { readonly [name: string]: string };
  readonly bootstrap?: boolean;
}

/** Path of a unit of the shop. */
export function shopPath(id: string, environment = 'dev'): string {
  return `shop/${environment}/${region}/${id}`;
}

/** What refers to an output of another unit. */
export function reads(id: string, output: string): string {
  return `\${data.terraform_remote_state.${id.replaceAll(/[/-]/g, '_')}.outputs.${output}}`;
}

/** The model of a small system whose units are `terraform_data`, so that terraform needs no provider. */
export function shopModel(
  units: readonly ShopUnit[],
  options: { readonly environment?: string; readonly commit?: string | null; readonly dirty?: boolean } = {},
): Model {
  const environment = options.environment ?? 'dev';
  const waves = wavesOf(
    units.map(({ id, reads = {} }) => ({ path: id, dependencies: Object.keys(reads).map((upstream) => ({ unit: upstream })) })),
  );
  return {
    version: 1,
    commit: options.commit === undefined ? '0123456789abcdef0123456789abcdef01234567' : options.commit,
    dirty: options.dirty ?? false,
    systems: [
      {
        name: 'shop',
        project: 'shop',
        lock: 'dynamodb',
        liveTree: 'ignored',
        keyPrefix: '',
        environments: [{ name: environment, stateAccount: shopAccount, credentials: { kind: 'ambient' } }],
      },
    ],
    units: units.map((unit) => shopUnitModel(unit, waves, environment)).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

function shopUnitModel(unit: ShopUnit, waves: ReadonlyMap<string, number>, environment: string): UnitModel {
  const [layer = '', name = ''] = unit.id.split('/');
  return {
    path: shopPath(unit.id, environment),
    system: 'shop',
    environment,
    region,
    layer,
    name,
    stackId: `shop-${environment}-${region}-${layer}-${name}`,
    wave: waves.get(unit.id) ?? 0,
    dependencies: Object.entries(unit.reads ?? {})
      .map(([id, outputs]) => ({ unit: shopPath(id, environment), outputs: outputs.toSorted(), remoteState: id.replaceAll(/[/-]/g, '_') }))
      .toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
    outputs: (unit.outputs ?? Object.keys((unit.json['output'] as object | undefined) ?? {}).map((output) => ({ name: output }))).map(
      (output) => ({ name: '', type: 'string' as const, sensitive: false, mock: `mock-${output.name}`, ...output }),
    ),
    variables: unit.variables ?? [],
    backend: backendOf(unit.id, environment),
    bootstrap: unit.bootstrap ?? false,
    appliedByBootstrap: false,
    ...(unit.movedFrom === undefined ? {} : { movedFrom: unit.movedFrom }),
  };
}

function backendOf(id: string, environment: string): UnitModel['backend'] {
  return {
    bucket,
    key: `${environment}/${region}/${id}/terraform.tfstate`,
    region,
    kmsKeyId: `arn:aws:kms:${region}:${shopAccount}:alias/terraform-state`,
    dynamodbTable: table,
    useLockfile: false,
  };
}

/** The JSON of one unit, as a synthesis would write it. */
export function shopJson(unit: ShopUnit, environment = 'dev'): object {
  const { bucket: name, key, kmsKeyId, dynamodbTable } = backendOf(unit.id, environment);
  const sources = Object.keys(unit.reads ?? {}).map(
    (id) =>
      [id.replaceAll(/[/-]/g, '_'), { backend: 's3', config: { bucket: name, key: backendOf(id, environment).key, region } }] as const,
  );
  const { terraform, data, ...blocks } = unit.json;
  const read = {
    ...(data as object | undefined),
    ...(sources.length === 0 ? {} : { terraform_remote_state: Object.fromEntries(sources) }),
  };
  return {
    terraform: {
      backend: { s3: { bucket: name, key, region, encrypt: true, kms_key_id: kmsKeyId, dynamodb_table: dynamodbTable } },
      ...(terraform as object | undefined),
    },
    ...(Object.keys(read).length === 0 ? {} : { data: read }),
    ...blocks,
  };
}

/** Writes the tree with its `synth.json`; gives the model. */
export function writeShop(folder: string, units: readonly ShopUnit[], options: Parameters<typeof shopModel>[1] = {}): Model {
  const model = shopModel(units, options);
  for (const unit of units) {
    const at = path.join(folder, shopPath(unit.id, options.environment));
    mkdirSync(at, { recursive: true });
    writeFileSync(path.join(at, 'main.tf.json'), `${JSON.stringify(shopJson(unit, options.environment), null, 2)}\n`);
    writeFileSync(path.join(at, 'terragrunt.hcl'), 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n');
    for (const [name, content] of Object.entries(unit.assets ?? {})) writeFileSync(path.join(at, name), content);
  }
  writeFileSync(path.join(folder, 'synth.json'), `${JSON.stringify(model, null, 2)}\n`);
  return model;
}

/** Makes the bucket and the lock table that the states of an account need. */
export async function makeShopBackend(
  env: NodeJS.ProcessEnv,
  account = shopAccount,
  { bucket = `terraform-state-${account}-${region}`, table = `terraform-locks-${account}` } = {},
): Promise<void> {
  const s3 = await s3Client(region, env);
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  s3.destroy();
  const dynamodb = await dynamodbClient(region, env);
  await dynamodb.send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  dynamodb.destroy();
}

/** A network whose subnet is replaced when its block changes, and tags that change nothing else. */
export function network(options: { readonly cidr?: string; readonly tags?: string } = {}): ShopUnit {
  return {
    id: 'network/vpc',
    json: {
      resource: {
        terraform_data: {
          vpc: { input: { tags: options.tags ?? 'one' } },
          subnet: { input: 'subnet', triggers_replace: options.cidr ?? '10.0.0.0/24' },
        },
      },
      output: { subnet_id: { value: '${terraform_data.subnet.id}' }, vpc_id: { value: '${terraform_data.vpc.id}' } },
    },
  };
}

/** A service in that network. */
export function service(input: unknown = 'v1', id = 'compute/api'): ShopUnit {
  return {
    id,
    reads: { 'network/vpc': ['subnet_id'] },
    json: {
      resource: { terraform_data: { service: { input: { subnet: reads('network/vpc', 'subnet_id'), version: input } } } },
      output: { address: { value: '${terraform_data.service.id}' } },
    },
  };
}

/** A unit whose apply touches a file when it has begun, and then waits for some seconds. */
export function slow(id: string, began: string, seconds: number): ShopUnit {
  return {
    id,
    json: {
      resource: {
        terraform_data: {
          quick: { input: 'q' },
          slow: {
            input: '${terraform_data.quick.output}',
            provisioner: [{ 'local-exec': { command: `touch ${began}; sleep ${seconds}` } }],
          },
        },
      },
    },
  };
}
