import { filledName } from '../state/backend-names';
import type { Environment } from '../tree/environment';
import type { Region } from '../tree/region';
import type { System } from '../tree/system';
import type { Unit } from '../tree/unit';
import { attribute, block, expression, renderHcl, type HclItem, type HclValue } from '../base/hcl';

/** `root.hcl`: reads the hierarchy and computes the same backend that each unit's JSON has as literals. */
export function rootHcl(system: System): string {
  const locals = (file: string): HclValue => expression(`read_terragrunt_config(find_in_parent_folders("${file}.hcl"))`);
  const account = '${local.account_vars.locals.state_account_id}';
  const region = '${local.region_vars.locals.state_region}';
  const { bucket, lockTable, encryption } = system.backendNames;
  const place = { account, region, system: system.name, environment: '${local.env_vars.locals.environment}' };
  const template = (text: string): HclValue => expression(`"${filledName(text, place)}"`);
  const assumes = system.environments.some((environment) => namedRole(environment) !== undefined);
  return renderHcl([
    // One shell runs `terragrunt run --all` over several accounts: each unit's own role is assumed.
    ...(assumes ? [attribute('iam_role', expression('lookup(local.account_vars.locals, "iam_role", "")'))] : []),
    block('locals', [
      attribute('account_vars', locals('account')),
      attribute('env_vars', locals('env')),
      attribute('region_vars', locals('region')),
    ]),
    block('remote_state', [
      attribute('backend', 's3'),
      attribute('config', {
        bucket: template(bucket),
        key: expression(`"${keyExpression(system.stateKeyTemplate)}"`),
        region: expression('local.region_vars.locals.state_region'),
        encrypt: true,
        ...(system.lock === 's3' ? {} : { dynamodb_table: template(lockTable) }),
        ...(system.lock === 'dynamodb' ? {} : { use_lockfile: true }),
        ...(encryption === 'sse-s3'
          ? {}
          : { kms_key_id: template(encryption.startsWith('alias/') ? `arn:aws:kms:{region}:{account}:${encryption}` : encryption) }),
      }),
    ]),
  ]);
}

const pathParts = ['environment', 'region', 'layer', 'unit'];

/** The template of state keys as Terragrunt computes it, from the unit's folder below `root.hcl`. */
function keyExpression(template: string): string {
  const folder = 'path_relative_to_include()';
  const whole = template.replaceAll('{environment}/{region}/{layer}/{unit}', `\${${folder}}`);
  return pathParts.reduce((text, part, index) => text.replaceAll(`{${part}}`, `\${split("/", ${folder})[${index}]}`), whole);
}

/** `_envcommon/<layer>.hcl`: the layer's values as locals, for HCL that a team writes beside the tree. */
export function envcommonHcl(values: Readonly<Record<string, HclValue>>): string {
  return renderHcl([block('locals', attributes(values))]);
}

/** `account.hcl` */
export function accountHcl(environment: Environment): string {
  const { id, name } = environment.values.account;
  const role = namedRole(environment);
  return renderHcl([
    block(
      'locals',
      attributes({
        account_id: id,
        account_name: name,
        state_account_id: environment.stateAccountId,
        ...(role === undefined ? {} : { iam_role: role }),
      }),
    ),
  ]);
}

/** The role that the source names for an environment; the one of AWS Organizations, which stands in for none, is nobody's wish. */
function namedRole({ values }: Environment): string | undefined {
  return values.account.credentials?.kind === 'role' ? values.account.credentials.roleArn : undefined;
}

/** `env.hcl` */
export function envHcl(environment: Environment): string {
  const { planned } = environment.values;
  return renderHcl([block('locals', attributes({ environment: environment.name, ...(planned === true ? { planned } : {}) }))]);
}

/** `region.hcl` */
export function regionHcl(region: Region): string {
  const { awsRegion, availabilityZones } = region.values;
  return renderHcl([
    block(
      'locals',
      attributes({
        region: region.name,
        ...(awsRegion === undefined ? {} : { aws_region: awsRegion }),
        state_region: region.stateRegion,
        ...(availabilityZones === undefined ? {} : { availability_zones: availabilityZones }),
      }),
    ),
  ]);
}

/** A unit's `terragrunt.hcl`: includes root (and its layer's `_envcommon`), and names every unit whose state it reads. */
export function unitHcl(unit: Unit, layersWithEnvcommon: ReadonlySet<string>): string {
  const layer = unit.id.split('/')[0] ?? '';
  const { name, liveTree } = unit.region.environment.system;
  const upstream = unit.dependencyModels
    // A branch holds this system alone: what is not there is no folder to name.
    .filter((dependency) => typeof liveTree === 'string' || dependency.unit.startsWith(`${name}/`))
    .map((dependency) => relativePath(unit.path, dependency.unit));
  const items: HclItem[] = [block('include', [attribute('path', expression('find_in_parent_folders("root.hcl")'))], ['root'])];
  if (layersWithEnvcommon.has(layer))
    items.push(
      block(
        'include',
        [
          attribute('path', expression(`"\${dirname(find_in_parent_folders("root.hcl"))}/_envcommon/${layer}.hcl"`)),
          attribute('expose', true),
        ],
        ['envcommon'],
      ),
    );
  if (upstream.length > 0) items.push(block('dependencies', [attribute('paths', upstream)]));
  if (unit.bootstrap) items.push(block('exclude', [attribute('if', true), attribute('actions', ['apply', 'destroy'])]));
  return renderHcl(items);
}

function attributes(values: Readonly<Record<string, HclValue>>): readonly HclItem[] {
  return Object.entries(values).map(([name, value]) => attribute(name, value));
}

/** The way from one unit's folder to another's: `../../../eu-central-1/network/vpc`. */
export function relativePath(from: string, to: string): string {
  const start = from.split('/');
  const end = to.split('/');
  let shared = 0;
  while (shared < start.length && start[shared] === end[shared]) shared += 1;
  return [...start.slice(shared).map(() => '..'), ...end.slice(shared)].join('/');
}
