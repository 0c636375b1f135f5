import path from 'node:path';

import { deployedFrom } from 'terrace';

import { renderCompose } from '../../modules/hosts/compose';
import { dockerRole, filesBelow } from '../../modules/hosts/files';
import { renderPlaybook } from '../../modules/hosts/playbook';
import { sshJail } from '../../modules/hosts/ssh';
import type { AzureRegion } from './azure-unit';
import { configFiles } from './rendering/configs';
import { renderDuckdnsSettings } from './rendering/duckdns-settings';
import { renderHealthCheck } from './rendering/health-check';
import { inventoryOf, lookedUpFacts } from './rendering/inventory';
import { stackOf } from './rendering/stacks';
import { daemonSettings, userDataOf } from './rendering/user-data';
import { site } from './topology/automation';
import { nodesOf } from './topology/cluster';
import { stacks } from './topology/services';
import { SwarmUnit } from './units/compute/swarm';
import { DuckdnsUnit } from './units/dns/duckdns';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What development hands to Docker Swarm, Ansible and the pipeline: everything under `artifacts/`. */
export function addArtifacts(region: AzureRegion): void {
  const { environment, cluster } = region;
  const { values } = environment;
  const configs = configFiles(values);
  for (const name of stacks) environment.artifact(`docker/stacks/${name}.yml`, () => renderCompose(stackOf(name, values, configs)));
  for (const { file, content, executable } of Object.values(configs))
    environment.artifact(`docker/configs/${file}`, content, { executable: executable ?? false });
  for (const file of [...filesBelow(path.join(__dirname, 'ansible')), ...dockerRole()])
    environment.artifact(`ansible/${file.path}`, file.content, { executable: file.executable ?? false });
  environment.artifact('ansible/roles/docker/files/daemon.json', daemonSettings);
  environment.artifact('ansible/roles/monitoring/files/sshd.local', sshJail);
  environment.artifact('ansible/playbooks/site.yml', () => renderPlaybook(site));
  environment.artifact('ansible/inventory/hosts.json', () => json(inventoryOf(cluster, values, lookedUpFacts)), {
    deployed: deployedFrom(
      () => region.unit(SwarmUnit),
      ({ ansibleInventory }) => json(ansibleInventory),
    ),
  });
  for (const node of nodesOf(cluster)) environment.artifact(`cloud-init/${node.id}.yml`, () => userDataOf(node, '${var.ssh_operator_dev}'));
  for (const file of filesBelow(path.join(__dirname, 'scripts')))
    environment.artifact(`scripts/${file.path}`, file.content, { executable: true });
  environment.artifact('scripts/duckdns.env', () => renderDuckdnsSettings({}), {
    deployed: deployedFrom(
      () => region.unit(DuckdnsUnit),
      ({ subdomain, publicIp, vaultName }) => renderDuckdnsSettings({ subdomain, address: publicIp, vaultName }),
    ),
  });
  environment.artifact('scripts/health-check.sh', () => renderHealthCheck(values.domain), { executable: true });
}
