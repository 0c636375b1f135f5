import path from 'node:path';

import { isInstalled, providerPackages, providerVersion } from '../../../terraform/provider-packages';
import { absentProviders, notSimulated } from './absent-providers';
import { fits, type RequiredProvider } from './required-providers';

/**
 * What somebody should know of the providers that a configuration asks for: those that are not simulated, with what they are for and what to do,
 * and those whose bindings have a version that the constraint leaves out. One line each.
 */
export function providerNotes(projectRoot: string, required: readonly RequiredProvider[]): string[] {
  const notes = required.flatMap(({ source, constraint }) => {
    const one = providerPackages.find((each) => each.source === source);
    if (source.startsWith('terraform.io/') || source === 'builtin/terraform' || source === 'hashicorp/terraform') return [];
    if (one === undefined || !isInstalled(projectRoot, one)) {
      return [
        `${source} is ${absentProviders[source] === undefined ? 'not simulated; install its bindings, or leave out what uses it' : notSimulated(source)}`,
      ];
    }
    const version = providerVersion(projectRoot, one);
    return constraint !== '' && !fits(version, constraint)
      ? [`${source} is simulated as version ${version}, the configuration asks for ${constraint}: what came later is not there`]
      : [];
  });
  return [...new Set(notes)];
}

/** Whether a command is terraform or OpenTofu, or a shell that is told to run one of them: `sh -c 'terraform init && terraform apply'`. */
export function namesTerraform([program = '', ...rest]: readonly string[]): boolean {
  const name = path.basename(program);
  return /^(terraform|tofu)/.test(name) || (/^[a-z]*sh$/.test(name) && rest.some((part) => /(^|[\s/;&|(!])(terraform|tofu)\s/.test(part)));
}
