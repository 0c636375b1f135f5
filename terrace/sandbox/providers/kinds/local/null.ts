import type { ProviderKind } from '../../engine/context';
import { plainKind } from '../plain';

/** `null`: resources that are nothing but an id, as large as the real one's. */
export const nullKind: ProviderKind = plainKind(
  {},
  {
    stateOnly: true,
    idTemplate: () => '{digits:19}',
    dataSources: {
      null_data_source: (_, config) => ({
        id: 'static',
        outputs: config['inputs'] ?? null,
        random: String(Date.now()),
        has_computed_default: config['has_computed_default'] ?? 'default',
      }),
    },
  },
);
