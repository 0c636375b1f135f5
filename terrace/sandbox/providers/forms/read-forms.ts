import { readFileSync } from 'node:fs';

import { packageFile } from '../../../base/package-file';

interface Forms {
  readonly provider: string;
  readonly source: string;
  readonly ids: Readonly<Record<string, string>>;
}

const known = new Map<string, Forms>();

/** The template of a type's id (values/template.ts) where the type has no overlay, from the table of its provider; undefined where neither says. */
export function formOfId(provider: string, type: string): string | undefined {
  const forms = known.get(provider) ?? load(provider);
  known.set(provider, forms);
  return forms.ids[type];
}

function load(provider: string): Forms {
  try {
    return JSON.parse(readFileSync(packageFile(`sandbox/providers/forms/${provider}.json`), 'utf8')) as Forms;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { provider, source: '', ids: {} };
    throw error;
  }
}
