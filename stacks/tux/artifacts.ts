import { ansibleFiles } from './rendering/ansible';
import { inventoryOf, lookedUpFacts } from './rendering/inventory';
import { localEnvironmentExample, renderLocalCompose, renderVagrantfile } from './rendering/local';
import { renderLocalNginx } from './rendering/nginx';
import { userDataOf } from './rendering/user-data';
import { planOf, type TuxEnvironment } from './tux-unit';
import type { TuxPlace } from './values';

/** What an environment hands to Ansible and to people: everything under `artifacts/`. Staging has the local environment beside it. */
export function addArtifacts(environment: TuxEnvironment, place: TuxPlace): void {
  const { values } = environment;
  const plan = planOf(values, place);
  for (const { path, content, executable } of ansibleFiles(plan, values))
    environment.artifact(`ansible/${path}`, content, { executable: executable ?? false });
  environment.artifact(
    `ansible/inventory/${environment.name}.json`,
    () => `${JSON.stringify(inventoryOf(plan, values, lookedUpFacts), null, 2)}\n`,
  );
  for (const host of plan.hosts)
    environment.artifact(`cloud-init/${host.name}.yml`, () => userDataOf(plan, host, `\${var.ssh_operator_${environment.name}}`));
  if (values.environment === 'staging') {
    environment.artifact('local/Vagrantfile', () => renderVagrantfile());
    environment.artifact('local/compose.yml', renderLocalCompose);
    environment.artifact('local/nginx.conf', renderLocalNginx);
    environment.artifact('local/.env.example', localEnvironmentExample);
  }
}
