import { exitCodes, TerraceError } from '../../base/errors';
import type { CommandContext } from '../command-context';
import { readOverlay } from '../../sandbox/providers/overlay/read-overlay';
import { Catalogue } from '../../sandbox/providers/schema/catalogue';
import { packageOfType } from '../../terraform/provider-packages';
import { ServedCatalogue } from '../../sandbox/providers/schema/served-catalogue';
import { describeSchema } from '../../sandbox/providers/tools/describe-schema';

export interface SchemaFlags {
  readonly data?: boolean;
  readonly json?: boolean;
}

/** `terrace sandbox schema <type>`; raises E5305 for a type that the bindings do not have. */
export function printSchema(context: CommandContext, type: string, flags: SchemaFlags): void {
  const provider = packageOfType(type);
  const served = new ServedCatalogue(new Catalogue(context.project(), provider), readOverlay(provider.name));
  const schema = flags.data === true ? served.dataSource(type) : served.resource(type);
  if (schema === undefined) {
    throw new TerraceError(
      {
        code: 'E5305',
        title: 'unknown type',
        place: type,
        found: `${provider.npm ?? `.gen/providers/${provider.name}`} has no ${flags.data === true ? 'data source' : 'resource'} of this name`,
        todo: flags.data === true ? 'leave --data away for the resource' : 'add --data for the data source, or correct the name',
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
