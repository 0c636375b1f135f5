import { exitCodes, TerraceError } from '../../../base/errors';
import type { CloudRecord } from '../cloud/record';
import { SimulatedProvider } from '../engine/simulated-provider';
import { fromJson } from '../protocol/json';
import { isObject, type ObjectValue } from '../protocol/value';
import { typeOfBlock, type Block } from '../schema/schema';
import { localProvider, type Place } from './local-provider';

/** One object to make: its type and what is said of it. */
export interface NewResource extends Place {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** It exists elsewhere, as a state says: attributes that another version of its provider wrote are left out. */
  readonly existing?: true;
}

/**
 * Makes a resource that no configuration makes, as if somebody else had: computed values, children and the id come as from an apply, what is
 * said of it stands, be it computed or not. A type that is a data source only is kept as what that data source answers.
 * Raises E5305 for an unknown type and E5308 for an attribute that the type does not have.
 */
export async function addResource(
  projectRoot: string,
  cloudDir: string,
  { type, values: said, existing, ...place }: NewResource,
): Promise<{ readonly type: string; readonly id: string }> {
  const { provider, settings } = localProvider(projectRoot, cloudDir, type, place);
  const { schemas, cloud, name } = provider.context;
  const resource = schemas.resource(type)?.block;
  const block = resource ?? schemas.dataSource(type)?.block;
  if (block === undefined)
    throw new TerraceError(
      { code: 'E5305', title: 'unknown type', place: type, found: `the bindings of ${name} have no such type`, todo: 'correct the name' },
      exitCodes.wrongUsage,
    );
  const values = existing === true ? Object.fromEntries(Object.entries(said).filter(([name]) => has(block, name))) : said;
  checkAttributes(type, block, values);
  if (resource === undefined) {
    const id = String(values['id'] ?? values['name'] ?? `${type}-${Date.now()}`);
    const record: CloudRecord = {
      version: 1,
      provider: name,
      type,
      scope: settings.scope,
      id,
      created: Date.now(),
      values: { id, ...values },
    };
    cloud.createBeside(record);
    return { type, id };
  }
  const wanted = valueOf(resource, values);
  const maker = existing === true ? withoutReferences(provider, type) : provider;
  const planned = maker.plan(type, settings, wanted, wanted, null);
  const made = await maker.apply(type, settings, null, planned.state, wanted, {});
  return { type, id: String(made.state?.['id'] ?? values['name'] ?? '') };
}

/** What exists elsewhere may refer to what nobody loaded. */
function withoutReferences({ context }: SimulatedProvider, type: string): SimulatedProvider {
  const { resources } = context.overlay;
  const rules = resources[type];
  if (rules === undefined) return new SimulatedProvider(context);
  const { references: _, ...rest } = rules;
  return new SimulatedProvider({ ...context, overlay: { ...context.overlay, resources: { ...resources, [type]: rest } } });
}

function checkAttributes(type: string, block: Block, values: Readonly<Record<string, unknown>>): void {
  const wrong = Object.keys(values).filter((name) => !has(block, name));
  if (wrong.length > 0)
    throw new TerraceError(
      wrong.map((name) => ({
        code: 'E5308',
        title: 'no such attribute',
        place: type,
        found: `${type} has no attribute ${name}`,
        todo: `terrace sandbox schema ${type} lists them`,
      })),
      exitCodes.wrongUsage,
    );
}

function has(block: Block, name: string): boolean {
  return block.attributes?.[name] !== undefined || block.block_types?.[name] !== undefined;
}

function valueOf(block: Block, values: Readonly<Record<string, unknown>>): ObjectValue {
  const lists = Object.entries(block.block_types ?? {}).filter(([, nested]) => nested.nesting_mode !== 'single');
  const value = fromJson({ ...Object.fromEntries(lists.map(([name]) => [name, []])), ...values }, typeOfBlock(block));
  return isObject(value) ? value : {};
}
