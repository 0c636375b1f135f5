import { inventoryOf, lookedUpFacts } from './rendering/inventory';
import { userDataOf } from './rendering/user-data';
import { planOf, type TuxEnvironment } from './tux-unit';
import type { TuxPlace } from './values';

/** What an environment hands to Ansible and to people: everything under `artifacts/`. */
export function addArtifacts(environment: TuxEnvironment, place: TuxPlace): void {
  const plan = planOf(environment.values, place);
  environment.artifact(`ansible/inventory/${environment.name}.json`, () => `${JSON.stringify(inventoryOf(plan, environment.values, lookedUpFacts), null, 2)}\n`);
  for (const host of plan.hosts) environment.artifact(`cloud-init/${host.name}.yml`, () => userDataOf(plan, host, '${var.ssh_operator}'));
}
