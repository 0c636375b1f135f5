import { providerPackages, providerVersion } from '../../../terraform/provider-packages';
import { bindingsFolder } from '../../../terraform/provider-packages';
import { fits, type RequiredProvider } from './required-providers';

/** Providers that modules pull in for small services: what each is for, and what to do without it. */
const utilities: Readonly<Record<string, readonly [string, string]>> = {
  'alekc/kubectl': ['applies manifests to a cluster', 'use kubernetes_manifest, or run the module outside of the sandbox'],
  'azure/azapi': ['calls the API of Azure for what azurerm does not have', 'use the types of azurerm'],
  'carlpett/sops': ['decrypts files with the keys of a cloud', 'give the values by variables'],
  'cloudposse/awsutils': ['does in AWS what the provider of AWS does not', 'switch it off by the variable of the module that uses it'],
  'cloudposse/context': ['makes names and tags', 'use the null-label module'],
  'cloudposse/utils': ['merges deep maps and YAML', 'merge with functions of terraform'],
  'datadog/datadog': ['keeps monitors and dashboards of Datadog', 'leave the module out in the sandbox'],
  'gavinbunney/kubectl': ['applies manifests to a cluster', 'use kubernetes_manifest, or run the module outside of the sandbox'],
  'hashicorp/azuread': ['keeps users, groups and applications of Entra ID', 'give their ids by variables'],
  'hashicorp/cloudinit': ['joins parts of a cloud-init configuration', 'write the configuration with templatefile()'],
  'hashicorp/dns': ['looks names up', 'give the addresses by variables'],
  'hashicorp/external': ['runs a program while planning', 'give its result by a variable'],
  'hashicorp/google-beta': ['has types and fields of Google that are in preview', 'use the provider google where its types suffice'],
  'hashicorp/http': ['fetches an address while planning', 'give what it fetches by a variable'],
  'hashicorp/template': ['renders templates; it is no longer developed', 'use templatefile()'],
  'hashicorp/vault': ['reads and writes secrets of Vault', 'give the values by variables'],
  'mastercard/restapi': ['calls any HTTP API', 'leave the module out in the sandbox'],
  'scottwinkler/shell': ['runs scripts', 'use terraform_data with a provisioner'],
  'terraform-aws-modules/http': ['fetches an address while planning', 'give what it fetches by a variable'],
};

/**
 * What somebody should know of the providers that a configuration asks for: those that are not simulated, with what they are for and what to do,
 * and those whose bindings have a version that the constraint leaves out. One line each.
 */
export function providerNotes(projectRoot: string, required: readonly RequiredProvider[]): string[] {
  const notes = required.flatMap(({ source, constraint }) => {
    const one = providerPackages.find((each) => each.source === source);
    if (source.startsWith('terraform.io/') || source === 'builtin/terraform' || source === 'hashicorp/terraform') return [];
    if (one === undefined || bindingsFolder(projectRoot, one) === undefined) {
      const [purpose, instead] = utilities[source] ?? ['', 'install its bindings, or leave out what uses it'];
      return [`${source} is not simulated${purpose === '' ? '' : `: it ${purpose}`}; ${instead}`];
    }
    const version = providerVersion(projectRoot, one);
    return constraint !== '' && !fits(version, constraint)
      ? [`${source} is simulated as version ${version}, the configuration asks for ${constraint}: what came later is not there`]
      : [];
  });
  return [...new Set(notes)];
}
