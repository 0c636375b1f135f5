import type { ProviderKind, Settings } from '../engine/context';

const settings: Settings = { scope: '-', values: {}, defaultTags: {} };

/** A provider without accounts or regions; most need nothing else. */
export function plainKind(values: Readonly<Record<string, string>> = {}, more: Partial<ProviderKind> = {}): ProviderKind {
  return {
    configure: () => ({ ...settings, values }),
    idTemplate: () => '{hex:20}',
    emptyText: null,
    resources: {},
    dataSources: {},
    ...more,
  };
}
