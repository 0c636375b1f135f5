import { expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';
import { targetOf } from '../../../terrace/sandbox/providers/engine/target';
import { reasonOf } from '../../../terrace/sandbox/providers/engine/unanswered';
import { readTable } from '../../../terrace/sandbox/providers/tables/read-table';

const table = readTable('unanswered') as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
const full = process.env['TERRACE_FULL'] === '1';

test.each(full ? Object.keys(table) : ['hcloud', 'kubernetes'])(
  'every data source of %s finds or lists a type, is answered from a table, or is refused with a reason',
  (name) => {
    const one = localProvider(name, name === 'aws' ? { region: 'eu-west-1' } : name === 'azurerm' ? { features: [{}] } : {});
    const { context } = one.provider;
    const settings = { scope: '-', values: {}, defaultTags: {} };
    const { data_source_schemas: sources } = context.schemas.all();
    const open = Object.entries(sources).filter(
      ([type, schema]) =>
        context.kind.dataSources[type] === undefined &&
        context.overlay.dataSources?.[type]?.values === undefined &&
        targetOf({ provider: context, type, schema, settings, base: settings }) === undefined,
    );
    one.remove();
    expect(open.filter(([type]) => reasonOf(name, type) === undefined).map(([type]) => type)).toEqual([]);
    const known = Object.values(table[name] ?? {}).flat();
    expect([known.length, new Set(known).size]).toEqual([open.length, open.length]);
  },
  300_000,
);
