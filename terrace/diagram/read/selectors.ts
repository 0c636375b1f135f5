import { isObject, stringsOf } from './configuration';
import type { Reference, ResourceNode } from './graph';

/** Types that choose others by label, and what they choose. */
const choosers: Readonly<Record<string, string>> = {
  hcloud_firewall: 'hcloud_server',
  hcloud_firewall_attachment: 'hcloud_server',
  hcloud_load_balancer_target: 'hcloud_server',
};

/**
 * References by label: a resource with `label_selector` uses every resource of its environment whose literal labels fit. Understood
 * are `key=value`, `key==value`, `key!=value`, `key` and `!key`, joined by commas; a selector with anything else chooses nothing here.
 */
export function selectedByLabel(resources: readonly ResourceNode[]): readonly Reference[] {
  return resources.flatMap((chooser) => {
    const chosen = choosers[chooser.block.type];
    if (chosen === undefined) return [];
    return stringsOf(chooser.block.body)
      .filter(({ way }) => /(^|\.)label_selectors?$/.test(way))
      .flatMap(({ way, text }) => {
        const fits = matcher(text);
        return resources
          .filter(
            ({ unit, block }) =>
              block.type === chosen && unit.system === chooser.unit.system && unit.environment === chooser.unit.environment,
          )
          .filter((resource) => fits(labelsOf(resource)))
          .map((resource) => ({ from: chooser.id, to: resource.id, kind: 'reference' as const, attributes: [way], outputs: [] }));
      });
  });
}

function labelsOf({ block }: ResourceNode): ReadonlyMap<string, string> {
  const labels = block.body['labels'];
  return new Map(isObject(labels) ? Object.entries(labels).map(([key, value]) => [key, String(value)]) : []);
}

function matcher(selector: string): (labels: ReadonlyMap<string, string>) => boolean {
  const terms = selector.split(',').map((term) => /^(!?)([\w./-]+)(?:(==|=|!=)([\w.-]*))?$/.exec(term.trim()));
  return (labels) =>
    terms.every((term) => {
      if (term === null) return false;
      const [, not, key = '', operator, value] = term;
      if (operator === undefined) return labels.has(key) === (not === '');
      return (labels.get(key) === value) === (operator !== '!=');
    });
}
