import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';

import { packageFile } from '../../../base/package-file';

let loaded: ServiceDefinition | undefined;

/** The plugin protocol's service, read once a process from `tfplugin6.proto`. */
export function pluginService(): ServiceDefinition {
  if (loaded !== undefined) return loaded;
  const file = packageFile('sandbox/providers/protocol/tfplugin6.proto');
  const service = loadSync(file, { keepCase: true, longs: Number, enums: String, defaults: true, bytes: Buffer })['tfplugin6.Provider'];
  if (service === undefined || typeof service !== 'object' || 'format' in service)
    throw new Error('tfplugin6.proto defines no service Provider');
  return (loaded = service);
}
