import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { packageRoot } from '../../../base/package-file';
import { isInstalled, providerPackages, providerVersion } from '../../../terraform/provider-packages';
import { registryHosts } from '../serve';
import { programName, programText } from '../../../terraform/simulated-provider';

/** Platforms that a lock file covers. */
export const mirrorPlatforms = ['darwin_amd64', 'darwin_arm64', 'linux_amd64', 'linux_arm64'] as const;

/**
 * Writes the filesystem mirror of a sandbox: every installed provider under both registry hosts, in the version of its bindings,
 * and the relay that their programs run. Written once; a second call changes nothing.
 */
export function writeMirror(projectRoot: string, sandboxDir: string, mirrorDir: string): void {
  for (const one of providerPackages) {
    if (!isInstalled(projectRoot, one)) continue;
    const version = providerVersion(projectRoot, one);
    for (const host of registryHosts) {
      for (const platform of mirrorPlatforms)
        place(path.join(mirrorDir, host, one.source, version, platform, programName(one)), programText(one), 0o755);
    }
  }
  const relay = path.join(packageRoot(), 'bin', 'provider-relay.js');
  place(path.join(sandboxDir, 'provider-relay.js'), `require(${JSON.stringify(relay)});\n`, 0o644);
}

/** Variables of mirror mode over those of the sandbox: terraform launches the providers itself. */
export function mirrorEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  return { ...environment, TF_REATTACH_PROVIDERS: '', TF_DISABLE_PLUGIN_TLS: '1' };
}

function place(file: string, text: string, mode: number): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, text);
  chmodSync(part, mode);
  renameSync(part, file);
}
