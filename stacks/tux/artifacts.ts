import { deployedFrom } from 'terrace';

import { ansibleFiles } from './rendering/ansible';
import { inventoryOf, lookedUpFacts } from './rendering/inventory';
import { localEnvironmentExample, renderLocalCompose, renderVagrantfile } from './rendering/local';
import { renderLocalNginx } from './rendering/nginx';
import { userDataOf } from './rendering/user-data';
import type { TuxRegion } from './tux-unit';
import { MonitoringUnit } from './units/monitoring/stack';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What an environment hands to Ansible and to people: everything under `artifacts/`. Staging has the local environment beside it. */
export function addArtifacts(region: TuxRegion): void {
  const { environment, plan } = region;
  const { values } = environment;
  for (const { path, content, executable } of ansibleFiles(plan, values))
    environment.artifact(`ansible/${path}`, content, { executable: executable ?? false });
  environment.artifact(`ansible/inventory/${environment.name}.json`, () => json(inventoryOf(plan, values, lookedUpFacts)), {
    deployed: deployedFrom(
      () => region.unit(MonitoringUnit),
      ({ ansibleInventory }) => json(ansibleInventory),
    ),
  });
  for (const host of plan.hosts)
    environment.artifact(`cloud-init/${host.name}.yml`, () => userDataOf(plan, host, `\${var.ssh_operator_${environment.name}}`));
  if (values.environment === 'staging') {
    environment.artifact('local/Vagrantfile', () => renderVagrantfile());
    environment.artifact('local/compose.yml', renderLocalCompose);
    environment.artifact('local/nginx.conf', renderLocalNginx);
    environment.artifact('local/.env.example', localEnvironmentExample);
  }
}
