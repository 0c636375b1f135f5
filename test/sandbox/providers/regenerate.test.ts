import { CodeMaker, TerraformProviderGenerator } from '@cdktf/provider-generator';
import { expect, test } from '@jest/globals';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../../_helpers/project-root';
import { Catalogue } from '../../../terrace/sandbox/providers/schema/catalogue';
import { bindingsFolder, providerPackages, providerVersion, type ProviderPackage } from '../../../terrace/terraform/provider-packages';
import { bindingSource } from '../../../terrace/sandbox/providers/schema/source';
import { temporaryFolder } from '../../_helpers/sandbox';

// The proof of derivation for prebuilt packages: from the derived schema the generator makes the package's own TypeScript again.

const large = new Set(['aws', 'azurerm', 'google']);
const chosen = providerPackages.filter(({ name, npm }) => npm !== undefined && (process.env['TERRACE_FULL'] === '1' || !large.has(name)));

test.each(chosen)(
  'bindings regenerated from the derived schema of $name are those of the package',
  async (one: ProviderPackage) => {
    const folder = bindingsFolder(projectRoot, one);
    if (folder === undefined) throw new Error(`no bindings of ${one.name}`);
    const made = await regenerate(one);
    const different = readdirSync(folder).filter((name) => {
      const published = bindingSource(path.join(folder, name));
      return (
        published !== undefined &&
        published.includes('export class') &&
        essential(bindingSource(path.join(made, name)) ?? '') !== essential(published)
      );
    });
    rmSync(path.dirname(path.dirname(made)), { recursive: true, force: true });
    expect(different).toEqual([]);
  },
  600_000,
);

test('regenerated bindings that differ are noticed', () => {
  expect(essential('readonly a?: string;')).not.toBe(essential('readonly a: string;'));
});

async function regenerate(one: ProviderPackage): Promise<string> {
  const dir = temporaryFolder('terrace-bindings-');
  const address = `registry.terraform.io/${one.source}`;
  const all: ConstructorParameters<typeof TerraformProviderGenerator>[1] = JSON.parse(
    JSON.stringify({
      format_version: '1.0',
      provider_versions: { [address]: providerVersion(projectRoot, one) },
      provider_schemas: { [address]: new Catalogue(projectRoot, one).all() },
    }),
  );
  const generator = new TerraformProviderGenerator(new CodeMaker(), all);
  generator.generateAll();
  await generator.save(dir);
  const [name = ''] = readdirSync(path.join(dir, 'providers'));
  return path.join(dir, 'providers', name);
}

/** Bindings without what a schema does not decide: comments, the copyright, and how the package was asked for. */
function essential(source: string): string {
  return source
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\/\/ (https:.*|generated from.*)$/gm, '')
    .replaceAll(/^\s*(providerVersionConstraint|providerName|terraformProviderSource): .*$/gm, '')
    .replaceAll(/[,\s]+/g, ' ')
    .trim();
}
