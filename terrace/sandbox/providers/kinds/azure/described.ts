import type { ProviderKind } from '../../engine/context';

/** What Azure says of a resource beside what terraform's resource holds: roles and policies that people made, machines that run. */
const descriptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  azurerm_role_definition: { type: 'CustomRole' },
  azurerm_policy_definition: { type: 'Custom' },
  azurerm_virtual_machine: { power_state: 'running' },
};

export const followsAzure: NonNullable<ProviderKind['follows']> = ({ type }, block, name) => {
  const value =
    block.attributes?.[name] === undefined
      ? (descriptions[type]?.[name] ?? (name === 'provisioning_state' ? 'Succeeded' : undefined))
      : undefined;
  return value === undefined ? undefined : () => value;
};
