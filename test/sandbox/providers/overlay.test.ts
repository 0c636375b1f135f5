import { readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';

import { projectRoot } from '../../_helpers/project-root';
import { packageFile } from '../../../terrace/base/package-file';
import type { ProviderOverlay, TypeOverlay } from '../../../terrace/sandbox/providers/overlay/overlay';
import { readOverlay } from '../../../terrace/sandbox/providers/overlay/read-overlay';
import { Catalogue } from '../../../terrace/sandbox/providers/schema/catalogue';
import { providerPackages, providerVersion, type ProviderPackage } from '../../../terrace/terraform/provider-packages';
import type { Attribute, Block, NestedBlock } from '../../../terrace/sandbox/providers/schema/schema';
import { ServedCatalogue } from '../../../terrace/sandbox/providers/schema/served-catalogue';

/** A file of the provider at a commit, beside which a later one or what the schema says of itself may have been read; one whose commit is not known; a registry page. */
const sources = [
  /^github\.com\/[\w.-]+\/terraform-provider-[\w-]+\/blob\/[0-9a-f]{40}\/[\w./-]+\.go(, and (a version of 20\d\d|a later version of the file|the descriptions of its own version))?$/,
  /^github\.com\/[\w.-]+\/terraform-provider-[\w-]+ [\w./-]+\.go, a version of 20\d\d$/,
  /^registry\.terraform\.io\/providers\/[\w-]+\/[\w-]+\/\d+\.\d+\.\d+\/docs\/(resources|data-sources)\/\w+$/,
];

const overlays = providerPackages
  .filter(({ written }) => written === undefined)
  .map((one) => [one.name, one, readOverlay(one.name)] as const);

test.each(overlays)(
  'every entry of %s says where it was read, and is for the installed version',
  (_, one: ProviderPackage, overlay: ProviderOverlay) => {
    expect(overlay).toMatchObject({ provider: one.name, version: providerVersion(projectRoot, one) });
    const entries = [...Object.entries(overlay.resources), ...Object.entries(overlay.dataSources ?? {})];
    expect(
      entries.filter(([, { source }]) => !sources.some((form) => form.test(source))).map(([type, { source }]) => `${type}: ${source}`),
    ).toEqual([]);
  },
);

test.each(overlays)('no type has two entries in the overlay of %s, of which the second would hide the first', (name) => {
  const text = readFileSync(packageFile(`sandbox/providers/overlay/${name}.json`), 'utf8');
  const twice = text.split('"dataSources": {').flatMap((part) => {
    const types = [...part.matchAll(/^ {2,4}"(\w+_\w+)": \{$/gm)].map(([, type]) => type);
    return types.filter((type, index) => types.indexOf(type) !== index);
  });
  expect(twice).toEqual([]);
});

test.each(overlays)('every path in the overlay of %s is one of its type', (_, one: ProviderPackage, overlay: ProviderOverlay) => {
  const catalogue = new ServedCatalogue(new Catalogue(projectRoot, one), overlay);
  const wrong: string[] = [];
  for (const [type, rules] of Object.entries(overlay.resources)) {
    const block = catalogue.resource(type)?.block;
    if (block === undefined) wrong.push(`no type ${type}`);
    else
      wrong.push(
        ...pathsOf(rules)
          .filter((path) => at(block, path.split('.')) === undefined)
          .map((path) => `${type}.${path}`),
      );
    for (const target of Object.values(rules.references ?? {}))
      if (catalogue.resource(target.split(':')[0] ?? '') === undefined) wrong.push(`${type} refers to ${target}`);
  }
  for (const [type, rules] of Object.entries(overlay.dataSources ?? {})) {
    const block = catalogue.dataSource(type)?.block;
    if (block === undefined) wrong.push(`no data source ${type}`);
    else
      wrong.push(
        ...(rules.sensitive ?? []).filter((path) => !flag(at(block, path.split('.')), 'sensitive')).map((path) => `${type}.${path}`),
      );
  }
  expect(wrong).toEqual([]);
});

test.each(overlays)(
  'what %s makes up is computed, what it defaults can be left out, and no pattern is broken',
  (_, one: ProviderPackage, overlay: ProviderOverlay) => {
    const catalogue = new ServedCatalogue(new Catalogue(projectRoot, one), overlay);
    const wrong: string[] = [];
    for (const [type, rules] of Object.entries(overlay.resources)) {
      const block = catalogue.resource(type)?.block ?? {};
      for (const path of Object.keys(rules.computed ?? {}))
        if (!flag(at(block, path.split('.')), 'computed')) wrong.push(`${type}.${path} is not computed`);
      for (const path of Object.keys(rules.defaults ?? {}))
        if (!flag(at(block, path.split('.')), 'optional')) wrong.push(`${type}.${path} is not optional`);
      for (const { pattern } of Object.values(rules.format ?? {})) expect(() => new RegExp(pattern, 'u')).not.toThrow();
    }
    expect(wrong).toEqual([]);
  },
);

function pathsOf(rules: TypeOverlay): string[] {
  return [
    ...(rules.forceNew ?? []),
    ...(rules.sensitive ?? []),
    ...Object.keys({ ...rules.defaults, ...rules.computed, ...rules.oneOf, ...rules.format, ...rules.range, ...rules.references }),
    ...(rules.forceNewBetween ?? []).flat(),
    ...(rules.forceNewShrinking ?? []),
    ...(rules.forceNewRemoved ?? []),
    ...(rules.filled ?? []),
    ...Object.entries({ ...rules.forceNewWhere, ...rules.forceNewUnless }).flatMap(([path, where]) => [path, ...Object.keys(where)]),
    ...Object.keys({ ...rules.inPlace, ...rules.forceNewFrom }),
    ...Object.entries(rules.requiredWith ?? {}).flatMap(([path, others]) => [path, ...others]),
    ...(rules.conflicts ?? []).flat(),
    ...(rules.atLeastOne ?? []).flat(),
    ...(rules.unique ?? []).flatMap(({ by }) => by),
    ...(rules.importBy ?? []).flatMap((path) => path.split('/')),
  ];
}

function at(block: Block, [head = '', ...rest]: readonly string[]): Attribute | NestedBlock | undefined {
  const nested = block.block_types?.[head];
  if (nested !== undefined) return rest.length === 0 ? nested : at(nested.block, rest);
  const attribute = block.attributes?.[head];
  const isMap = Array.isArray(attribute?.type) && attribute.type[0] === 'map';
  return rest.length === 0 || attribute?.nested_type === undefined
    ? rest.length === 0 || (isMap && rest.length === 1)
      ? attribute
      : undefined
    : at({ attributes: attribute.nested_type.attributes }, rest);
}

function flag(found: Attribute | NestedBlock | undefined, name: 'computed' | 'optional' | 'sensitive'): boolean {
  return found !== undefined && !('block' in found) && found[name] === true;
}
