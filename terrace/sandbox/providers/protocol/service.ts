import { TerraceError } from '../../../base/errors';
import type { Caller, Settings } from '../engine/context';
import { refuseForeignCaller, refuseForeignState } from '../engine/guard';
import { readPrivate, writePrivate } from '../engine/private-mark';
import { Refusal, Refusals } from '../engine/refusal';
import { StandInWarnings } from '../engine/stand-ins';
import type { SimulatedProvider } from '../engine/simulated-provider';
import type { Type } from '../schema/schema';
import { functionMessages } from './schema-message';
import { decodeValue, encodeValue } from './msgpack';
import { isObject, type ObjectValue, type Value } from './value';

export interface Bytes {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

/** A request as it comes off the wire; absent messages are null. */
export interface Request {
  readonly type_name: string;
  readonly target_type_name: string;
  readonly source_type_name: string;
  readonly id: string;
  readonly name: string;
  readonly arguments: readonly Bytes[];
  readonly config: Bytes | null;
  readonly current_state: Bytes | null;
  readonly prior_state: Bytes | null;
  readonly proposed_new_state: Bytes | null;
  readonly planned_state: Bytes | null;
  readonly raw_state: Bytes | null;
  readonly source_state: Bytes | null;
  readonly private: Uint8Array;
  readonly prior_private: Uint8Array;
  readonly planned_private: Uint8Array;
  readonly source_private: Uint8Array;
}

/** One connection of one terraform process; it must be configured before resources are asked for. */
export interface Connection {
  settings: Settings | undefined;
  readonly caller: () => Caller;
}

type Answer = object | Promise<object>;

/** The calls by their names in the protocol. */
export type ProviderCalls = Readonly<Record<string, (request: Request, connection: Connection) => Answer>>;

/** The calls of the plugin protocol, from messages to messages. Refusals become diagnostics. */
export function serviceOf(provider: SimulatedProvider): ProviderCalls {
  const sandboxId = provider.context.sandboxId;
  const warnings = new StandInWarnings();
  return {
    ValidateProviderConfig: () => ({}),
    ValidateResourceConfig: ({ type_name: type, config }) => {
      provider.validate(type, read(config, provider.resourceType(type)));
      return {};
    },
    ValidateDataResourceConfig: ({ type_name: type }) => {
      provider.dataSourceType(type);
      return {};
    },
    ConfigureProvider: ({ config }, connection) => {
      const caller = connection.caller();
      refuseForeignCaller(caller, provider.context.name, sandboxId);
      connection.settings = provider.configure(read(config, provider.configurationType()), caller);
      return {};
    },
    UpgradeResourceState: ({ type_name: type, raw_state: raw }) => ({
      upgraded_state: write(provider.upgrade(type, parse(raw)), provider.resourceType(type)),
    }),
    MoveResourceState: ({ target_type_name: type, source_state: raw, source_private: mark }) => ({
      target_state: write(provider.upgrade(type, parse(raw)), provider.resourceType(type)),
      target_private: mark,
    }),
    ReadResource: async ({ type_name: type, current_state: current, private: mark }, connection) => {
      refuseForeignState(mark, type, sandboxId);
      const shape = provider.resourceType(type);
      const result = await provider.read(type, settingsOf(connection), objectOf(read(current, shape)), readPrivate(mark));
      return {
        new_state: write(result.state, shape),
        private: result.key === undefined ? mark : writePrivate(sandboxId, { key: result.key }),
      };
    },
    PlanResourceChange: (
      { type_name: type, config, prior_state: prior, proposed_new_state: proposed, prior_private: mark },
      connection,
    ) => {
      const shape = provider.resourceType(type);
      const before = read(prior, shape);
      if (before !== null) refuseForeignState(mark, type, sandboxId);
      const wanted = read(proposed, shape);
      if (wanted === null) return { planned_state: write(null, shape), planned_private: mark };
      const planned = provider.plan(
        type,
        settingsOf(connection),
        objectOf(read(config, shape)),
        objectOf(wanted),
        isObject(before) ? before : null,
      );
      return {
        planned_state: write(planned.state, shape),
        planned_private: before === null ? writePrivate(sandboxId, {}) : mark,
        requires_replace: planned.replace.map((name) => ({ steps: [{ attribute_name: name }] })),
        legacy_type_system: planned.legacy,
      };
    },
    ApplyResourceChange: async (
      { type_name: type, config, prior_state: prior, planned_state: planned, planned_private: mark },
      connection,
    ) => {
      const shape = provider.resourceType(type);
      const before = read(prior, shape);
      if (before !== null) refuseForeignState(mark, type, sandboxId);
      const after = read(planned, shape);
      const result = await provider.apply(
        type,
        settingsOf(connection),
        isObject(before) ? before : null,
        isObject(after) ? after : null,
        objectOf(read(config, shape)),
        readPrivate(mark),
      );
      const warning = warnings.about(type, result.standIns ?? [], connection);
      return {
        new_state: write(result.state, shape),
        private: result.key === undefined ? mark : writePrivate(sandboxId, { key: result.key }),
        diagnostics: [
          ...(result.failure === undefined ? [] : [diagnosticOf(result.failure)]),
          ...(warning === undefined ? [] : warningsOf(warning)),
        ],
        legacy_type_system: true,
      };
    },
    ImportResourceState: ({ type_name: type, id }, connection) => {
      const found = provider.importState(type, settingsOf(connection), id);
      return {
        imported_resources: [
          {
            type_name: type,
            state: write(found.state, provider.resourceType(type)),
            private: writePrivate(sandboxId, found.key === undefined ? {} : { key: found.key }),
          },
        ],
      };
    },
    ReadDataSource: async ({ type_name: type, config }, connection) => {
      const shape = provider.dataSourceType(type);
      return { state: write(await provider.readData(type, settingsOf(connection), objectOf(read(config, shape))), shape) };
    },
    GetFunctions: () => ({ functions: functionMessages(provider.context.overlay.functions ?? {}) }),
    CallFunction: ({ name, arguments: args }) => {
      try {
        const { parameters = [], variadic_parameter: variadic, return_type: type } = provider.signature(name);
        const values = args.map((one, index) => read(one, (parameters[index] ?? variadic)?.type ?? 'dynamic'));
        return { result: write(provider.callFunction(name, values), type) };
      } catch (error) {
        return { error: { text: error instanceof Error ? error.message : String(error) } };
      }
    },
    ValidateEphemeralResourceConfig: ({ type_name: type }) => {
      provider.ephemeralType(type);
      return {};
    },
    OpenEphemeralResource: async ({ type_name: type, config }, connection) => {
      const shape = provider.ephemeralType(type);
      return { result: write(await provider.open(type, settingsOf(connection), objectOf(read(config, shape))), shape) };
    },
    RenewEphemeralResource: () => ({}),
    CloseEphemeralResource: () => ({}),
    StopProvider: () => ({}),
  };
}

/** An error as the diagnostics that terraform prints. */
export function diagnosticsOf(error: unknown): object[] {
  if (error instanceof Refusals) return error.all.map(diagnosticOf);
  if (error instanceof Refusal) return [diagnosticOf(error)];
  if (error instanceof TerraceError)
    return error.problems.map((problem) => ({
      severity: 'ERROR',
      summary: `${problem.code} ${problem.title}`,
      detail: `${problem.place ?? ''}\n${problem.found}\n${problem.todo}`,
    }));
  return [
    {
      severity: 'ERROR',
      summary: 'the simulated provider failed',
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    },
  ];
}

/** What terraform prints and goes on; it puts warnings with one summary together, so that each type has a summary of its own. */
function warningsOf({ problems }: TerraceError): object[] {
  return problems.map(({ code, title, place = '', found, todo }) => ({
    severity: 'WARNING',
    summary: `${code} ${title}: ${place}`,
    detail: `${found}\n${todo}`,
  }));
}

function diagnosticOf(refusal: Refusal): object {
  const [first] = refusal.attribute?.split('.') ?? [];
  return {
    severity: 'ERROR',
    summary: refusal.detail === '' ? refusal.summary : `${refusal.summary}: ${refusal.detail}`,
    detail: '',
    ...(first === undefined ? {} : { attribute: { steps: [{ attribute_name: first }] } }),
  };
}

function settingsOf(connection: Connection): Settings {
  if (connection.settings === undefined)
    throw new Refusal('provider not configured', 'this connection was never configured; nothing is taken from another one');
  return connection.settings;
}

function read(bytes: Bytes | null, type: Type): Value {
  return bytes?.msgpack === undefined || bytes.msgpack.length === 0 ? null : decodeValue(bytes.msgpack, type);
}

function write(value: Value, type: Type): Bytes {
  return { msgpack: encodeValue(value, type) };
}

function parse(raw: Bytes | null): unknown {
  return raw?.json === undefined || raw.json.length === 0 ? null : JSON.parse(Buffer.from(raw.json).toString('utf8'));
}

function objectOf(value: Value): ObjectValue {
  return isObject(value) ? value : {};
}
