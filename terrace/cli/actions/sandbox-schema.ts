import { readFileSync } from 'node:fs';

import { exitCodes, TerraceError } from '../../base/errors';
import { messageOf } from '../../base/message';
import type { CommandContext } from '../command-context';
import { readOverlay } from '../../sandbox/providers/overlay/read-overlay';
import { schemasOf } from '../../sandbox/providers/schema/schemas-of';
import { cloudOf, packageOfType, providerPackages } from '../../terraform/provider-packages';
import { ServedCatalogue } from '../../sandbox/providers/schema/served-catalogue';
import type { ProviderSchema } from '../../sandbox/providers/schema/schema';
import { compareSchemas } from '../../sandbox/providers/tools/compare-schemas';
import { describeSchema } from '../../sandbox/providers/tools/describe-schema';

export interface SchemaFlags {
  readonly data?: boolean;
  readonly json?: boolean;
  readonly compare?: string;
}

/** `terrace sandbox schema <type>`; raises E5305 for a type that the bindings do not have. */
export function printSchema(context: CommandContext, type: string | undefined, flags: SchemaFlags): void {
  if (flags.compare !== undefined) return compareWith(context, flags.compare, flags.json === true);
  if (type === undefined)
    throw new TerraceError(
      { code: 'E5305', title: 'unknown type', place: 'terrace sandbox schema', found: 'no type', todo: 'name a type, or --compare a file' },
      exitCodes.wrongUsage,
    );
  const provider = packageOfType(type);
  const served = new ServedCatalogue(schemasOf(context.project(), provider), readOverlay(cloudOf(provider)));
  const schema = flags.data === true ? served.dataSource(type) : served.resource(type);
  if (schema === undefined) {
    throw new TerraceError(
      {
        code: 'E5305',
        title: 'unknown type',
        place: type,
        found: `${provider.npm ?? `.gen/providers/${provider.name}`} has no ${flags.data === true ? 'data source' : 'resource'} of this name`,
        todo: flags.data === true ? 'leave out --data for the resource' : 'add --data for the data source, or correct the name',
      },
      exitCodes.wrongUsage,
    );
  }
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ version: 1, type, kind: flags.data === true ? 'data' : 'resource', block: schema.block }, undefined, 2)}\n`
      : `${describeSchema(type, schema)}\n`,
  );
}

/** Compares every provider of a file with what is derived; exit 1 where anything differs. Raises E5316 for a file of another form. */
function compareWith(context: CommandContext, file: string, json: boolean): void {
  const schemas = realSchemas(file);
  const reports = Object.entries(schemas).flatMap(([source, real]) => {
    const provider = providerPackages.find((one) => source.endsWith(`/${one.source}`));
    if (provider === undefined) return [{ source, simulated: false, differences: [] }];
    const derived = new ServedCatalogue(schemasOf(context.project(), provider), readOverlay(cloudOf(provider))).all();
    return [{ source, simulated: true, differences: compareSchemas(derived, real) }];
  });
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, providers: reports }, undefined, 2)}\n`);
  else
    for (const { source, simulated, differences } of reports) {
      process.stdout.write(`${source}: ${simulated ? `${differences.length} differences` : 'not simulated'}\n`);
      for (const { kind, type, path, derived, real } of differences)
        process.stdout.write(`  ${kind} ${type}${path === '' ? '' : `.${path}`}\n    derived  ${derived}\n    real     ${real}\n`);
    }
  if (reports.some(({ differences }) => differences.length > 0)) process.exitCode = exitCodes.failed;
}

function realSchemas(file: string): Readonly<Record<string, ProviderSchema>> {
  const wrong = (found: string): TerraceError =>
    new TerraceError(
      {
        code: 'E5316',
        title: 'no provider schemas',
        place: file,
        found,
        expected: 'what terraform providers schema -json prints',
        todo: 'run it where the real providers are installed, and pass its output',
      },
      exitCodes.wrongUsage,
    );
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(messageOf(error, file));
  }
  const found = typeof raw === 'object' && raw !== null && 'provider_schemas' in raw ? raw.provider_schemas : undefined;
  if (typeof found !== 'object' || found === null) throw wrong('no provider_schemas');
  return Object.fromEntries(
    Object.entries(found).map(([source, one]: [string, Partial<ProviderSchema>]) => [
      source,
      {
        provider: one.provider ?? { version: 0, block: {} },
        resource_schemas: one.resource_schemas ?? {},
        data_source_schemas: one.data_source_schemas ?? {},
      },
    ]),
  );
}
