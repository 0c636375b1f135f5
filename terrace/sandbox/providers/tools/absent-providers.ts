/** Providers that modules pull in for small services and that are not simulated: what each is for, and what to do without it. */
export const absentProviders: Readonly<Record<string, readonly [string, string]>> = {
  'alekc/kubectl': ['applies manifests to a cluster', 'use the types of kubernetes, or leave it out in the sandbox'],
  'argoproj-labs/argocd': ['keeps applications of Argo CD', 'leave it out in the sandbox'],
  'azure/alz': ['reads the landing zones of Azure', 'leave it out in the sandbox'],
  'azure/azapi': ['calls the API of Azure for what azurerm does not have', 'use the types of azurerm'],
  'azure/modtm': ['counts how often a module is used', 'switch it off by the variable enable_telemetry'],
  'carlpett/sops': ['decrypts files with the keys of a cloud', 'give the values by variables'],
  'cloudposse/awsutils': ['does in AWS what the provider of AWS does not', 'switch it off by the variable of the module that uses it'],
  'cloudposse/context': ['makes names and tags', 'use the null-label module'],
  'cloudposse/template': ['renders templates', 'use templatefile()'],
  'cloudposse/utils': ['merges deep maps and YAML', 'merge with functions of terraform'],
  'cyrilgdn/postgresql': ['keeps roles and databases within PostgreSQL', 'leave it out in the sandbox'],
  'datadog/datadog': ['keeps monitors and dashboards of Datadog', 'leave it out in the sandbox'],
  'fluxcd/flux': ['puts Flux on a cluster', 'leave it out in the sandbox'],
  'gavinbunney/kubectl': ['applies manifests to a cluster', 'use the types of kubernetes, or leave it out in the sandbox'],
  'gitlabhq/gitlab': ['keeps projects of GitLab', 'leave it out in the sandbox'],
  'grafana/grafana': ['keeps dashboards of Grafana', 'leave it out in the sandbox'],
  'hashicorp/assert': ['checks values by functions', 'use the functions of terraform'],
  'hashicorp/awscc': ["has AWS's types by the Cloud Control API", 'use the types of aws'],
  'hashicorp/azuread': ['keeps users, groups and applications of Entra ID', 'give their ids by variables'],
  'hashicorp/consul': ['keeps keys and services of Consul', 'give the values by variables'],
  'hashicorp/dns': ['looks names up', 'give the addresses by variables'],
  'hashicorp/hcp': ['keeps what runs in HCP', 'leave it out in the sandbox'],
  'hashicorp/template': ['renders templates and is no longer developed', 'use templatefile()'],
  'hashicorp/tfe': ['keeps workspaces of HCP Terraform', 'leave it out in the sandbox'],
  'hashicorp/vault': ['reads and writes secrets of Vault', 'give the values by variables'],
  'kreuzwerker/docker': ['builds images and runs containers', 'build the image before, and give its name by a variable'],
  'loafoe/htpasswd': ['hashes passwords', 'use bcrypt()'],
  'loafoe/ssh': ['runs commands by SSH', 'use terraform_data with a provisioner'],
  'mastercard/restapi': ['calls any HTTP API', 'leave it out in the sandbox'],
  'mongodb/mongodbatlas': ['keeps clusters of MongoDB Atlas', 'leave it out in the sandbox'],
  'newrelic/newrelic': ['keeps alerts of New Relic', 'leave it out in the sandbox'],
  'petoju/mysql': ['keeps users and databases within MySQL', 'leave it out in the sandbox'],
  'poseidon/ct': ['translates Butane to Ignition', 'translate it before, and read the file'],
  'scottwinkler/shell': ['runs scripts', 'use terraform_data with a provisioner'],
  'siderolabs/talos': ['sets machines with Talos up', 'leave it out in the sandbox'],
  'tenstad/remote': ['reads and writes files by SSH', 'use terraform_data with a provisioner'],
  'terraform-aws-modules/http': ['fetches an address while planning', 'use hashicorp/http, or give what it fetches by a variable'],
};

/** `not simulated: it renders templates; use templatefile()`. */
export function notSimulated(source: string): string {
  const [purpose = '', instead = ''] = absentProviders[source] ?? [];
  return `not simulated: it ${purpose}; ${instead}`;
}
