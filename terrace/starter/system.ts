import { className, valueName } from './names';
import type { NewFiles } from './write';

/** What a new environment is built from. */
export interface PlaceAnswers {
  readonly system: string;
  readonly environment: string;
  /** Cloud region of AWS, and the folder's name. */
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
}

/** A new system with one environment, one region, and the bootstrap unit alone. */
export function systemFiles(answers: PlaceAnswers, { pipeline = false }: { readonly pipeline?: boolean } = {}): NewFiles {
  const { system, environment, region } = answers;
  const name = className(system);
  const folder = `stacks/${system}`;
  return new Map([
    [`${folder}/root.ts`, rootSource(system, pipeline)],
    [`${folder}/values.ts`, valuesSource(system, name)],
    [`${folder}/${system}-unit.ts`, unitBaseSource(system, name)],
    [`${folder}/system.ts`, systemSource({ system, environment, region })],
    ...environmentFiles(answers, true),
  ]);
}

/**
 * A new environment with its first region. The first one of a system is reached with what the shell or pipeline has; a shell has the
 * credentials of one account, so every further one is reached by the role that AWS Organizations makes in each account.
 */
export function environmentFiles({ system, environment, region, account }: PlaceAnswers, isFirst: boolean): NewFiles {
  const folder = `stacks/${system}/${environment}`;
  return new Map([
    [
      `${folder}/account.ts`,
      `import type { AccountValues } from 'terrace';

export const account = {
  id: '${account}',
  name: '${environment}',
${isFirst ? "  // What your shell or pipeline has. The default is the role OrganizationAccountAccessRole of the account.\n  credentials: { kind: 'ambient' },\n" : ''}} as const satisfies AccountValues;
`,
    ],
    [
      `${folder}/env.ts`,
      `import type { ${className(system)}EnvironmentValues } from '../values';
import { account } from './account';

export const env: ${className(system)}EnvironmentValues = {
  environment: '${environment}',
  account,
  keepReplacedDays: 7,
};
`,
    ],
    ...regionFiles(system, environment, region),
  ]);
}

/** A new region of an environment. */
export function regionFiles(system: string, environment: string, region: string): NewFiles {
  return new Map([
    [
      `stacks/${system}/${environment}/${region}/region.ts`,
      `import type { RegionValues } from 'terrace';

export const region = {
  region: '${region}',
  awsRegion: '${region}',
} as const satisfies RegionValues;
`,
    ],
  ]);
}

/** Name of a region's values in `system.ts`. */
export function regionValue(environment: string, region: string): string {
  return valueName(`${environment}-${region}`);
}

function rootSource(system: string, pipeline: boolean): string {
  return `import type { RootValues } from 'terrace';
${pipeline ? "\nimport { ci } from './ci';\n" : ''}
export const root = {
  system: '${system}',
  project: '${system}',
${pipeline ? '  ci,\n' : ''}} as const satisfies RootValues;
`;
}

function valuesSource(system: string, name: string): string {
  return `import type { EnvironmentValues } from 'terrace';

/** What an environment of ${system} decides. */
export interface ${name}EnvironmentValues extends EnvironmentValues {
  /** Replaced versions of objects are kept so long, in days. */
  readonly keepReplacedDays: number;
}
`;
}

function unitBaseSource(system: string, name: string): string {
  return `import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Environment, type Outputs, Region, Unit } from 'terrace';

import type { ${name}EnvironmentValues } from './values';

export class ${name}Environment extends Environment<${name}EnvironmentValues> {}

/** A unit of ${system}: its AWS provider works in its region and its account alone, and tags everything. */
export abstract class ${name}Unit<O extends Outputs = Outputs> extends Unit<O> {
  constructor(region: Region, id: string, outputs: O) {
    super(region, id, outputs);
    new AwsProvider(this, 'aws', {
      region: region.stateRegion,
      allowedAccountIds: [region.environment.stateAccountId],
      defaultTags: [{ tags: this.tags }],
    });
  }
}
`;
}

function systemSource({ system, environment, region }: Pick<PlaceAnswers, 'system' | 'environment' | 'region'>): string {
  const values = regionValue(environment, region);
  return `import { Region, System, type TreeApp, type UnitTable } from 'terrace';

import { StateBackendUnit } from '../../backend/state-unit';
import { env as ${valueName(environment)} } from './${environment}/env';
import { region as ${values} } from './${environment}/${region}/region';
import { root } from './root';
import { ${className(system)}Environment } from './${system}-unit';

/** The units of every region. */
const regionUnits: UnitTable = {
  'backend/state': StateBackendUnit,
};

/** The environments with their regions. */
const environments = [
  { env: ${valueName(environment)}, regions: [${values}] },
];

export function ${valueName(system)}(app: TreeApp): System {
  const system = new System(app, root);
  for (const { env, regions } of environments) {
    const environment = new ${className(system)}Environment(system, env);
    for (const region of regions) new Region(environment, region, regionUnits);
  }
  return system;
}
`;
}
