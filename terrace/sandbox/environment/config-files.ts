import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { accessKeyOf } from '../http/caller';
import { replaceFile } from '../storage/durable-file';
import type { SandboxLayout } from '../daemon/layout';

/** An AWS profile that environments name as their credentials. */
export interface Profile {
  readonly name: string;
  readonly account: string;
}

/** A provider that nobody simulates, with what its users should know of that. */
export interface AbsentProvider {
  /** `hashicorp/template`. */
  readonly source: string;
  /** `not simulated: it renders templates; use templatefile()`. */
  readonly words: string;
}

/** Writes the files that the sandbox's variables point to, as far as they differ. */
export function writeConfigFiles(
  layout: SandboxLayout,
  profiles: readonly Profile[],
  secret: string,
  absent: readonly AbsentProvider[] = [],
): void {
  for (const folder of [layout.mirror, ...absent.map(({ words }) => folderOf(layout.mirror, words))])
    mkdirSync(folder, { recursive: true });
  write(layout.terraformConfig, terraformConfig(layout.mirror, absent));
  write(layout.awsConfig, awsConfig(profiles, secret));
  write(layout.awsCredentials, '');
}

function write(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) replaceFile(file, text);
}

/**
 * A terraform CLI configuration that installs providers from the mirror alone: without `direct` an unknown one fails to install.
 * Terraform then names the folders in which it looked, and nothing else; so each absent provider has an empty one of its own, whose name says what to do.
 */
export function terraformConfig(mirror: string, absent: readonly AbsentProvider[] = []): string {
  const blocks = absent.map(({ source, words }) => mirrorBlock(folderOf(mirror, words), underBothHosts([source])));
  const sources = underBothHosts(absent.map(({ source }) => source));
  return `disable_checkpoint = true

provider_installation {
${blocks.join('')}${mirrorBlock(mirror, ['*/*/*'], sources)}}
`;
}

function mirrorBlock(folder: string, include: readonly string[], exclude: readonly string[] = []): string {
  const left = exclude.length === 0 ? '' : `    exclude = ${JSON.stringify(exclude)}\n`;
  return `  filesystem_mirror {
    path    = "${folder.replaceAll('\\', '/').replaceAll('"', '\\"')}"
    include = ${JSON.stringify(include)}
${left}  }
`;
}

function underBothHosts(sources: readonly string[]): string[] {
  return sources.flatMap((source) => ['registry.terraform.io', 'registry.opentofu.org'].map((host) => `${host}/${source}`));
}

/** Beside the mirror, in which every folder is a registry. */
function folderOf(mirror: string, words: string): string {
  return path.join(path.dirname(mirror), 'absent', words);
}

/** An AWS configuration in which each profile is a key of its environment's account. */
export function awsConfig(profiles: readonly Profile[], secret: string): string {
  return profiles
    .map(({ name, account }) => {
      const head = name === 'default' ? '[default]' : `[profile ${name}]`;
      return `${head}\naws_access_key_id = ${accessKeyOf(account)}\naws_secret_access_key = ${secret}\n`;
    })
    .join('\n');
}
