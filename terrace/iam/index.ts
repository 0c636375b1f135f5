/** The permissions of an environment's roles, derived from its units. */
export { roleNeeds, type NeedsOptions } from './needs';
export { rolePolicies, type RoleNeeds } from './role-policies';
