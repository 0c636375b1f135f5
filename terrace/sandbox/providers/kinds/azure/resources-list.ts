import type { DataBehaviour } from '../../engine/context';
import { holdsTags, tagsOf } from '../../engine/matching';
import { textOf } from '../../protocol/value';

/** Everything in the subscription that has a place, by group, type (`Microsoft.Network/virtualNetworks`), name and tags; `[]` where nothing fits. */
export const resourcesList: DataBehaviour = ({ provider, settings }, config) => {
  const wanted = (name: string): string => (textOf(config[name]) ?? '').toLowerCase();
  const fits = (given: string, name: string): boolean => wanted(name) === '' || given.toLowerCase() === wanted(name);
  const resources = provider.cloud
    .allKeys()
    .filter((key) => key.startsWith(`${provider.name}/${settings.scope}/`))
    .flatMap((key) => provider.cloud.read(key) ?? [])
    .flatMap((record) => {
      const [, group = '', namespace = '', path = ''] = /\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/(.+)$/i.exec(record.id) ?? [];
      const parts = path.split('/');
      const type = [namespace, ...parts.filter((_, index) => index % 2 === 0)].join('/');
      const name = parts.at(-1) ?? '';
      const location = record.values['location'];
      const isFitting =
        typeof location === 'string' &&
        namespace !== '' &&
        fits(group, 'resource_group_name') &&
        fits(type, 'type') &&
        fits(name, 'name') &&
        holdsTags(tagsOf(record), config['required_tags'] ?? null);
      const tags = Object.fromEntries(Object.entries(tagsOf(record)).map(([key, value]) => [key, String(value)]));
      return isFitting ? [{ id: record.id, name, type, location, resource_group_name: group, tags }] : [];
    });
  return {
    id: `resource-${[wanted('resource_group_name'), wanted('type'), wanted('name')].join('/')}`,
    resources: resources.sort((left, right) => (left.id < right.id ? -1 : 1)),
  };
};
