import { existsSync, mkdirSync, readFileSync } from 'node:fs';

import { accessKeyOf } from '../http/caller';
import { replaceFile } from '../storage/durable-file';
import type { SandboxLayout } from '../daemon/layout';

/** An AWS profile that environments name as their credentials. */
export interface Profile {
  readonly name: string;
  readonly account: string;
}

/** Writes the files that the sandbox's variables point to, as far as they differ. */
export function writeConfigFiles(layout: SandboxLayout, profiles: readonly Profile[], secret: string): void {
  mkdirSync(layout.mirror, { recursive: true });
  write(layout.terraformConfig, terraformConfig(layout.mirror));
  write(layout.awsConfig, awsConfig(profiles, secret));
  write(layout.awsCredentials, '');
}

function write(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) replaceFile(file, text);
}

/** A terraform CLI configuration that installs providers from the mirror alone: without `direct` an unknown one fails to install. */
export function terraformConfig(mirror: string): string {
  const path = mirror.replaceAll('\\', '/').replaceAll('"', '\\"');
  return `disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path    = "${path}"
    include = ["*/*/*"]
  }
}
`;
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
