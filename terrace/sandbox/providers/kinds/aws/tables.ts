import { StoreError, type Tables } from '../../../storage/stores';
import type { ResourceBehaviour, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { isList, isObject, type ObjectValue } from '../../protocol/value';

/** Tables: what terraform makes here is what the sandbox's DynamoDB serves. */
export const tableResources: Readonly<Record<string, ResourceBehaviour>> = {
  aws_dynamodb_table: {
    create: (call, planned) => {
      const { name, region, account } = place(call, planned);
      attempt(call, `creating AWS DynamoDB Table (${name})`, (tables) => {
        tables.create({
          name,
          region,
          account,
          hashKey: String(planned['hash_key'] ?? ''),
          deletionProtection: planned['deletion_protection_enabled'] === true,
        });
        tables.update(name, region, settingsOf(planned), account);
      });
      return planned;
    },
    update: (call, planned) => {
      const { name, region, account } = place(call, planned);
      attempt(call, `updating AWS DynamoDB Table (${name})`, (tables) => tables.update(name, region, settingsOf(planned), account));
      return planned;
    },
    remove: (call, state) => {
      const { name, region, account } = place(call, state);
      if (call.provider.stores?.tables.has(name, region, account) === false) return;
      attempt(call, `deleting AWS DynamoDB Table (${name})`, (tables) => tables.delete(name, region, account));
    },
    read: (call, state) => {
      const { name, region, account } = place(call, state);
      return call.provider.stores?.tables.has(name, region, account) === false ? null : state;
    },
    importState: (call, id) => {
      const { region, account } = place(call, {});
      return call.provider.stores?.tables.has(id, region, account) === true
        ? {
            id,
            name: id,
            arn: `arn:aws:dynamodb:${region}:${account}:table/${id}`,
            region,
            billing_mode: 'PAY_PER_REQUEST',
            hash_key: 'LockID',
            attribute: [{ name: 'LockID', type: 'S' }],
            tags_all: {},
          }
        : null;
    },
  },
};

function place(call: ResourceCall, state: ObjectValue): { readonly name: string; readonly region: string; readonly account: string } {
  const { region = '', account = '' } = call.settings.values;
  return { name: String(state['name'] ?? ''), region, account };
}

function settingsOf(state: ObjectValue): { readonly deletionProtection: boolean; readonly pointInTimeRecovery: boolean } {
  const recovery = state['point_in_time_recovery'];
  const block = isList(recovery) ? recovery[0] : undefined;
  return {
    deletionProtection: state['deletion_protection_enabled'] === true,
    pointInTimeRecovery: isObject(block) && block['enabled'] === true,
  };
}

function attempt(call: ResourceCall, doing: string, action: (tables: Tables) => void): void {
  const tables = call.provider.stores?.tables;
  if (tables === undefined) return;
  try {
    action(tables);
  } catch (error) {
    if (error instanceof StoreError) throw new Refusal(doing, `${error.code}: ${error.message}`);
    throw error;
  }
}
