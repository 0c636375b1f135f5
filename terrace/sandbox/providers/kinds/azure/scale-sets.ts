import type { DataBehaviour } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import type { Value } from '../../protocol/value';

const types = [
  'azurerm_linux_virtual_machine_scale_set',
  'azurerm_windows_virtual_machine_scale_set',
  'azurerm_orchestrated_virtual_machine_scale_set',
  'azurerm_virtual_machine_scale_set',
];

/**
 * A scale set of any kind with its machines: their host names are the prefix and the number of the machine in six digits to base 36
 * (Azure documentation, "Understand instance IDs for Azure VM Scale Set VMs").
 */
export const scaleSet: DataBehaviour = (call, config) => {
  const { cloud, name: provider } = call.provider;
  const [name, group] = [String(config['name'] ?? ''), String(config['resource_group_name'] ?? '')];
  const found = types
    .flatMap((type) => cloud.list(provider, type, call.settings.scope))
    .find(({ record: { values } }) => values['name'] === name && values['resource_group_name'] === group)?.record;
  if (found === undefined)
    throw new Refusal(
      `reading ${call.type}`,
      `no scale set ${JSON.stringify(name)} in the resource group ${JSON.stringify(group)}`,
      'name',
    );
  const { instances, computer_name_prefix: prefix, location } = found.values;
  const machines = Array.from({ length: typeof instances === 'number' ? instances : 0 }, (_, index): Value => ({
    instance_id: String(index),
    name: `${name}_${index}`,
    computer_name: `${typeof prefix === 'string' && prefix !== '' ? prefix : name}${index.toString(36).toUpperCase().padStart(6, '0')}`,
    latest_model_applied: true,
    power_state: 'running',
    private_ip_address: '',
    private_ip_addresses: [],
    public_ip_address: '',
    public_ip_addresses: [],
    virtual_machine_id: '',
    zone: '',
  }));
  return { id: found.id, location: typeof location === 'string' ? location : '', identity: [], network_interface: [], instances: machines };
};
