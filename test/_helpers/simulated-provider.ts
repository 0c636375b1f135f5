import { rmSync } from 'node:fs';
import path from 'node:path';

import { Cloud } from '../../terrace/sandbox/providers/cloud/cloud';
import { EventLog } from '../../terrace/sandbox/providers/cloud/event-log';
import { Faults } from '../../terrace/sandbox/providers/cloud/faults';
import type { Applied } from '../../terrace/sandbox/providers/engine/applying';
import type { Settings } from '../../terrace/sandbox/providers/engine/context';
import { SimulatedProvider } from '../../terrace/sandbox/providers/engine/simulated-provider';
import { kindOf } from '../../terrace/sandbox/providers/kinds/kinds';
import { readOverlay } from '../../terrace/sandbox/providers/overlay/read-overlay';
import { fromJson, toJson } from '../../terrace/sandbox/providers/protocol/json';
import { isObject, type ObjectValue } from '../../terrace/sandbox/providers/protocol/value';
import { typeOfBlock, type Block } from '../../terrace/sandbox/providers/schema/schema';
import { schemasOf } from '../../terrace/sandbox/providers/schema/schemas-of';
import { ServedCatalogue } from '../../terrace/sandbox/providers/schema/served-catalogue';
import { cloudOf, providerPackages } from '../../terrace/terraform/provider-packages';
import { projectRoot } from './project-root';
import { temporaryFolder } from './sandbox';

type Json = Readonly<Record<string, unknown>>;

/** A simulated provider without terraform and without a wire: values go in and come out as JSON. */
export interface LocalProvider {
  readonly cloud: Cloud;
  readonly provider: SimulatedProvider;
  create(type: string, config: Json): Promise<Json>;
  destroy(type: string, state: Json): Promise<Applied>;
  read(type: string, config?: Json): Promise<Json>;
  settings(config: Json): Settings;
  /** The same cloud through a connection with another configuration. */
  over(config: Json): LocalProvider;
  remove(): void;
}

const schemas = new Map<string, ServedCatalogue>();

/** A provider over a cloud folder of its own, empty at first. */
export function localProvider(name: string, config: Json = {}): LocalProvider {
  const dir = temporaryFolder('terrace-provider-');
  const one = providerPackages.find((each) => each.name === name);
  if (one === undefined) throw new Error(`no provider ${name}`);
  const cloudName = cloudOf(one);
  const overlay = readOverlay(cloudName);
  const served = schemas.get(name) ?? new ServedCatalogue(schemasOf(projectRoot, one), overlay);
  schemas.set(name, served);
  const cloud = new Cloud(path.join(dir, 'cloud'));
  const provider = new SimulatedProvider({
    name: cloudName,
    kind: kindOf(cloudName),
    schemas: served,
    overlay,
    cloud,
    events: new EventLog(dir),
    faults: new Faults(dir),
    stores: undefined,
    sandboxId: 'test',
  });
  return connect(provider, cloud, dir, config);
}

function connect(provider: SimulatedProvider, cloud: Cloud, dir: string, config: Json): LocalProvider {
  const block = provider.context.schemas.configuration().block;
  const caller = { environment: { ...process.env, AWS_ACCESS_KEY_ID: 'SANDBOX111122223333' }, directory: dir, known: true };
  const settings = provider.configure(valueOf(block, config), caller);
  const schemaOf = (type: string): Block => provider.context.schemas.resource(type)?.block ?? {};
  return {
    cloud,
    provider,
    create: async (type, given) => {
      const wanted = valueOf(schemaOf(type), given);
      const planned = provider.plan(type, settings, wanted, wanted, null);
      const { state } = await provider.apply(type, settings, null, planned.state, wanted, {});
      return jsonOf(state);
    },
    destroy: (type, state) => provider.apply(type, settings, valueOf(schemaOf(type), state), null, {}, {}),
    read: async (type, given = {}) =>
      jsonOf(await provider.readData(type, settings, valueOf(provider.context.schemas.dataSource(type)?.block ?? {}, given))),
    settings: (other) => provider.configure(valueOf(block, other), caller),
    over: (other) => connect(provider, cloud, dir, other),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A configuration as terraform sends it: null for what is not given, an empty list for blocks that are not there. */
function valueOf(block: Block, given: Json): ObjectValue {
  const blocks = Object.entries(block.block_types ?? {}).filter(([, nested]) => nested.nesting_mode !== 'single');
  const value = fromJson({ ...Object.fromEntries(blocks.map(([name]) => [name, []])), ...given }, typeOfBlock(block));
  return isObject(value) ? value : {};
}

function jsonOf(state: ObjectValue | null): Json {
  const json = toJson(state);
  return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {};
}
