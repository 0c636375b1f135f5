import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { projectRoot } from '../../_helpers/project-root';
import { schemasOf } from '../../../terrace/sandbox/providers/schema/schemas-of';
import { providerPackages, type ProviderPackage } from '../../../terrace/terraform/provider-packages';
import { serveCloud, type ServedCloud } from './_cloud';
import { requires } from './_suite';
import { Unit } from './_unit';

// Real terraform checks every schema of a provider as soon as it loads one of them: one type of each provider is enough.

let served: ServedCloud;
beforeAll(async () => {
  served = await serveCloud();
});
afterAll(() => served.stop());

test.each(providerPackages)(
  'every type of $name loads in real terraform, and terraform shows the same types',
  async (one: ProviderPackage) => {
    const unit = new Unit(served, 'reattach');
    unit.write(requires(one.source));
    const shown = await unit.terraform(['providers', 'schema', '-json']);
    unit.remove();
    expect(shown.output).not.toContain('Failed to');
    const schemas = Object.values(
      (JSON.parse(shown.output) as { provider_schemas: Record<string, { resource_schemas?: object; data_source_schemas?: object }> })
        .provider_schemas,
    )[0];
    const derived = schemasOf(projectRoot, one).all();
    expect(Object.keys(schemas?.resource_schemas ?? {})).toEqual(Object.keys(derived.resource_schemas).sort());
    expect(Object.keys(schemas?.data_source_schemas ?? {})).toEqual(Object.keys(derived.data_source_schemas).sort());
  },
  600_000,
);
