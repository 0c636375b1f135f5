import { readFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { proMata, usualValues, type ProMataValues } from '../../../stacks/pro-mata/system';
import { projectRoot } from '../../_helpers/project-root';
import { synthesizeInMemory, withScratch } from '../../../terrace/synth/synthesize';
import { SynthesizedTree, type Block, type Json } from '../olechka/tree';

export const dev = 'dev/eastus2';
export const prod = 'prod/us-east-1';

/** pro-mata with some values, synthesized in memory, and its pipelines; `selectors` as on the command line, none for all of it. */
export async function proMataTree(values: ProMataValues = usualValues, selectors: readonly string[] = []): Promise<SynthesizedTree> {
  const root = projectRoot;
  const project = { systems: { 'pro-mata': async () => (app: Parameters<typeof proMata>[0]) => proMata(app, values) } };
  const { files } = await withScratch(root, (scratch) =>
    synthesizeInMemory(project, { root, selectors, scratch, commit: null, dirty: false }),
  );
  const units: Record<string, Json> = {};
  const others: Record<string, string> = {};
  for (const file of files.live) {
    const name = file.path.replace(/^pro-mata\//, '');
    if (name.endsWith('/main.tf.json')) units[name.replace(/\/main\.tf\.json$/, '')] = JSON.parse(file.content.toString());
    else others[name] = file.content.toString();
  }
  for (const name of ['promata-dev.yml', 'promata-prod.yml'])
    others[`workflows/${name}`] = readFileSync(path.join(root, '.github', 'workflows', name), 'utf8');
  return new SynthesizedTree(units, others);
}

/** Text of a file below development's `artifacts/`; empty where there is none. */
export const artifact = (tree: SynthesizedTree, file: string): string => tree.files[`dev/artifacts/${file}`] ?? '';

/** The same as data, read as Docker and Ansible read it. */
export const yaml = (tree: SynthesizedTree, file: string): Json => parse(artifact(tree, file), { version: '1.1' }) ?? {};

export const stackNames = ['proxy', 'database', 'app', 'monitoring'] as const;

/** Services of all stacks by name, each with the stack it is in. */
export function services(tree: SynthesizedTree): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    stackNames.flatMap((stack) =>
      Object.entries<Json>(yaml(tree, `docker/stacks/${stack}.yml`).services ?? {}).map(([name, one]) => [name, one]),
    ),
  );
}

/** A rule that lets something in, with the subnet that its group stands before. */
export interface Inbound {
  readonly subnet: string;
  readonly protocol: string;
  readonly port: string;
  /** CIDRs, tags, or references. */
  readonly from: readonly string[];
}

/** Rules of a direction and access, for every subnet that has a group. */
export function inbound(tree: SynthesizedTree, access = 'Allow'): readonly Inbound[] {
  const unit = `${dev}/network/vnet`;
  return tree.resources('azurerm_subnet_network_security_group_association', unit).flatMap(({ attrs }) => {
    const subnet = tree.follow(unit, attrs.subnet_id);
    const group = tree.follow(unit, attrs.network_security_group_id);
    if (subnet?.type !== 'azurerm_subnet' || group?.type !== 'azurerm_network_security_group') return [];
    return tree
      .resources('azurerm_network_security_rule', unit)
      .filter(
        (rule) =>
          tree.follow(unit, rule.attrs.network_security_group_name)?.name === group.name &&
          rule.attrs.direction === 'Inbound' &&
          rule.attrs.access === access,
      )
      .map(({ attrs: rule }) => ({
        subnet: subnet.attrs.address_prefixes[0],
        protocol: rule.protocol,
        port: rule.destination_port_range,
        from: [rule.source_address_prefix, rule.source_address_prefixes].flat().filter((one) => one !== undefined),
      }));
  });
}

/** The machines of development: each with its port, the subnet that it is in, and its user data. */
export function machines(
  tree: SynthesizedTree,
): readonly (Block & { readonly port: Json; readonly subnet: string; readonly userData: string })[] {
  const unit = `${dev}/compute/swarm`;
  return tree.resources('azurerm_linux_virtual_machine', unit).map((machine) => {
    const port = tree.follow(unit, machine.attrs.network_interface_ids[0])?.attrs.ip_configuration?.[0] ?? {};
    const local = /local\.([\w-]+)/.exec(String(machine.attrs.custom_data))?.[1] ?? '';
    return {
      ...machine,
      port,
      subnet: tree.follow(unit, port.subnet_id)?.attrs.address_prefixes?.[0] ?? 'none',
      userData: tree.units[unit].locals?.[local] ?? '',
    };
  });
}
