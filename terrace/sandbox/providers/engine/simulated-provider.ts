import { fromJson } from '../protocol/json';
import { isObject, type ObjectValue, type Value } from '../protocol/value';
import { typeOfBlock, type FunctionSignature, type Schema, type Type } from '../schema/schema';
import { createResource, deleteResource, updateResource, type Applied } from './applying';
import type { Caller, ProviderContext, ResourceCall, Settings } from './context';
import { readDataSource } from './data';
import { keepAnswer } from './seeded-answers';
import { place, type Placed } from './placing';
import { planChange, type PlannedChange } from './planning';
import type { PrivateMark } from './private-mark';
import { importResource, readResource } from './reading';
import { Refusal, Refusals } from './refusal';
import { validateResource } from './validate';

/** One simulated provider: what every connection shares. Operations take the settings of the connection they came through. */
export class SimulatedProvider {
  constructor(readonly context: ProviderContext) {}

  /** The same provider over another cloud and other stores, or with other schemas. */
  in(world: Partial<Pick<ProviderContext, 'cloud' | 'events' | 'faults' | 'stores' | 'schemas'>>): SimulatedProvider {
    return new SimulatedProvider({ ...this.context, ...world });
  }

  configurationType(): Type {
    return typeOfBlock(this.context.schemas.configuration().block);
  }

  resourceType(type: string): Type {
    return typeOfBlock(this.resourceSchema(type).block);
  }

  dataSourceType(type: string): Type {
    return typeOfBlock(this.dataSchema(type).block);
  }

  configure(config: Value, caller: Caller): Settings {
    return this.context.kind.configure(isObject(config) ? config : {}, caller);
  }

  validate(type: string, config: Value): void {
    const refusals = validateResource(this.resourceSchema(type).block, this.context.overlay.resources[type], config);
    if (refusals.length > 0) throw new Refusals(refusals);
  }

  /** A state of any lower version, as it is: members that the schema no longer has are dropped, new ones are null. */
  upgrade(type: string, state: unknown): Value {
    return fromJson(state, this.resourceType(type));
  }

  plan(type: string, settings: Settings, config: ObjectValue, proposed: ObjectValue, prior: ObjectValue | null): PlannedChange {
    return planChange(this.call(type, this.resourceSchema(type), settings, proposed), config, proposed, prior);
  }

  /** Creates, changes or deletes, as the two states say. */
  apply(
    type: string,
    settings: Settings,
    prior: ObjectValue | null,
    planned: ObjectValue | null,
    config: ObjectValue,
    mark: PrivateMark,
  ): Promise<Applied> {
    const call = this.call(type, this.resourceSchema(type), settings, planned ?? prior ?? {});
    if (planned === null) return prior === null ? Promise.resolve({ state: null }) : deleteResource(call, prior, mark.key);
    return prior === null ? createResource(call, planned, config) : updateResource(call, planned, prior, config, mark.key);
  }

  /** Puts a resource into the cloud as it is; see `placing.ts`. */
  place(type: string, settings: Settings, attributes: unknown, created: number): Placed {
    const schema = this.resourceSchema(type);
    const value = fromJson(attributes, typeOfBlock(schema.block));
    return place(this.call(type, schema, settings, isObject(value) ? value : {}), attributes, created);
  }

  /** Keeps what a data source answered elsewhere; see `seeded-answers.ts`. */
  keepAnswer(type: string, settings: Settings, attributes: unknown, created: number): void {
    const schema = this.dataSchema(type);
    const value = fromJson(attributes, typeOfBlock(schema.block));
    keepAnswer(this.call(type, schema, settings, isObject(value) ? value : {}), attributes, created);
  }

  read(type: string, settings: Settings, state: ObjectValue, mark: PrivateMark): ReturnType<typeof readResource> {
    return readResource(this.call(type, this.resourceSchema(type), settings, state), state, mark.key);
  }

  importState(type: string, settings: Settings, id: string): ReturnType<typeof importResource> {
    return importResource(this.call(type, this.resourceSchema(type), settings, {}), id);
  }

  readData(type: string, settings: Settings, config: ObjectValue): Promise<ObjectValue> {
    return readDataSource(this.call(type, this.dataSchema(type), settings, config), config);
  }

  ephemeralType(type: string): Type {
    return typeOfBlock(this.ephemeralSchema(type).block);
  }

  /** Opens an ephemeral resource: its values are in no state and no cloud folder. */
  async open(type: string, settings: Settings, config: ObjectValue): Promise<ObjectValue> {
    const schema = this.ephemeralSchema(type);
    const behaviour = this.context.kind.ephemeral?.[type];
    if (behaviour === undefined) throw new Refusal(`opening ${type}`, 'not simulated');
    return { ...config, ...(await behaviour(this.call(type, schema, settings, config), config)) };
  }

  signature(name: string): FunctionSignature {
    const found = this.context.overlay.functions?.[name];
    if (found === undefined) throw new Refusal(`unknown function ${name}`, `${this.context.name} has none of this name`);
    return found;
  }

  /** What a function gives for these arguments. */
  callFunction(name: string, args: readonly Value[]): Value {
    const behaviour = this.context.kind.functions?.[name];
    if (behaviour === undefined)
      throw new Refusal(`provider::${this.context.name}::${name}`, 'not simulated: write its result in its place');
    return behaviour(...args);
  }

  private ephemeralSchema(type: string): Schema {
    const found = this.context.schemas.ephemeral(type);
    if (found === undefined)
      throw new Refusal(`unknown ephemeral resource ${type}`, `${this.context.name} has none of this name in the sandbox`);
    return found;
  }

  private call(type: string, schema: Schema, settings: Settings, attributes: ObjectValue): ResourceCall {
    const own = this.context.kind.settingsOf?.(settings, attributes, schema) ?? settings;
    return { provider: this.context, type, schema, settings: own, base: settings };
  }

  private resourceSchema(type: string): Schema {
    const found = this.context.schemas.resource(type);
    if (found === undefined)
      throw new Refusal(`unknown resource type ${type}`, `the installed bindings of ${this.context.name} have no such type`);
    return found;
  }

  private dataSchema(type: string): Schema {
    const found = this.context.schemas.dataSource(type);
    if (found === undefined)
      throw new Refusal(`unknown data source ${type}`, `the installed bindings of ${this.context.name} have no such data source`);
    return found;
  }
}
