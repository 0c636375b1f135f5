import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { packageFile } from '../../../base/package-file';
import { pluginService } from '../protocol/definition';
import { schemaMessage } from '../protocol/schema-message';
import { baseOf, cloudOf, providerVersion, type ProviderPackage } from '../../../terraform/provider-packages';
import type { ProviderSchema } from './schema';
import type { ServedCatalogue } from './served-catalogue';

/**
 * The encoded schema answer of a provider. Deriving all types of a large provider takes seconds, so the answer is kept under
 * `.terrace/schemas`, named after everything that it depends on: bindings, overlay and the code that derives.
 */
export function encodedSchemas(projectRoot: string, provider: ProviderPackage, served: ServedCatalogue): Buffer {
  const folder = path.join(projectRoot, '.terrace', 'schemas');
  const file = path.join(folder, `${provider.name}-${digest(projectRoot, provider)}.bin`);
  try {
    return readFileSync(file);
  } catch {
    const bytes = encode(served.all());
    mkdirSync(folder, { recursive: true });
    const part = `${file}.${process.pid}.part`;
    writeFileSync(part, bytes);
    renameSync(part, file);
    for (const old of readdirSync(folder))
      if (old.startsWith(`${provider.name}-`) && path.join(folder, old) !== file) rmSync(path.join(folder, old), { force: true });
    return bytes;
  }
}

/** An answer that has these resource types alone. */
export function encodedTypes(served: ServedCatalogue, types: readonly string[]): Buffer {
  const found = types.flatMap((type) => {
    const schema = served.resource(type);
    return schema === undefined ? [] : [[type, schema] as const];
  });
  return encode({ provider: served.configuration(), resource_schemas: Object.fromEntries(found), data_source_schemas: {} });
}

function encode(schemas: ProviderSchema): Buffer {
  const method = pluginService()['GetProviderSchema'];
  if (method === undefined) throw new Error('tfplugin6.proto has no GetProviderSchema');
  return method.responseSerialize(schemaMessage(schemas));
}

function digest(projectRoot: string, provider: ProviderPackage): string {
  const base = baseOf(provider);
  const versions = [provider, ...(base === undefined ? [] : [base])].map((one) => providerVersion(projectRoot, one));
  const hash = createHash('sha256').update(versions.join(' '));
  const folder = packageFile('sandbox/providers/schema');
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(path.join(folder, name)));
  for (const name of [
    'protocol/schema-message.ts',
    'protocol/schema-message.js',
    `overlay/${cloudOf(provider)}.json`,
    `written/${provider.name}.json`,
  ]) {
    try {
      hash.update(readFileSync(packageFile(`sandbox/providers/${name}`)));
    } catch {
      hash.update('none');
    }
  }
  return hash.digest('hex').slice(0, 16);
}
