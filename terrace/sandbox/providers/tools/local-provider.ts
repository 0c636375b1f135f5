import { packageOfType } from '../../../terraform/provider-packages';
import { Cloud } from '../cloud/cloud';
import { EventLog } from '../cloud/event-log';
import { Faults } from '../cloud/faults';
import type { Settings } from '../engine/context';
import { SimulatedProvider } from '../engine/simulated-provider';
import { kindOf } from '../kinds/kinds';
import { readOverlay } from '../overlay/read-overlay';
import { schemasOf } from '../schema/schemas-of';
import { ServedCatalogue } from '../schema/served-catalogue';
import { fromJson } from '../protocol/json';
import { isObject } from '../protocol/value';
import { typeOfBlock } from '../schema/schema';

/** Where a resource that nobody's configuration makes is put. */
export interface Place {
  /** Account, project, subscription or owner: what the provider calls it. @default the provider's own */
  readonly account?: string;
  /** @default eu-central-1 for aws, else the provider's own */
  readonly region?: string;
}

/** The simulated provider of a type over a cloud folder, without a server, and the settings of a connection to a place. */
export function localProvider(
  projectRoot: string,
  cloudDir: string,
  type: string,
  place: Place,
): { readonly provider: SimulatedProvider; readonly settings: Settings } {
  const one = packageOfType(type);
  const overlay = readOverlay(one.name);
  const schemas = new ServedCatalogue(schemasOf(projectRoot, one), overlay);
  const provider = new SimulatedProvider({
    name: one.name,
    kind: kindOf(one.name),
    schemas,
    overlay,
    cloud: new Cloud(cloudDir),
    events: new EventLog(cloudDir),
    faults: new Faults(cloudDir),
    stores: undefined,
    sandboxId: '',
  });
  const { account, region } = place;
  const given = {
    region: region ?? (one.name === 'aws' ? 'eu-central-1' : undefined),
    subscription_id: account,
    project: account,
    owner: account,
  };
  const config = fromJson(given, typeOfBlock(schemas.configuration().block));
  const environment = one.name === 'aws' && account !== undefined ? { AWS_ACCESS_KEY_ID: `SANDBOX${account}` } : {};
  return {
    provider,
    settings: provider.configure(isObject(config) ? config : {}, { environment: { ...process.env, ...environment }, known: true }),
  };
}
