import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import { isObject } from '../base/json';
import { TerraformFolder } from './terraform-folder';
import { withLocalBackend, type UnitJson } from './unit-json';

const lockFileName = '.terraform.lock.hcl';

/**
 * ARNs of the encryption keys that bear every tag which the unit's provider gives its resources, its path among them: such a key was made
 * for this unit, by an apply that could not say so any more. Asked through terraform, with the unit's own provider; empty where it tags nothing.
 */
export async function taggedKeys(folder: TerraformFolder, json: UnitJson): Promise<readonly string[]> {
  const tags = defaultTags(json);
  if (Object.keys(tags).length === 0) return [];
  const { options } = folder;
  const aside = new TerraformFolder({ ...options, folder: path.join(options.folder, '.keys'), variables: [] });
  const question: UnitJson = {
    terraform: { ...json.terraform },
    provider: json['provider'],
    data: {
      aws_resourcegroupstaggingapi_resources: {
        keys: {
          resource_type_filters: ['kms:key'],
          tag_filter: Object.entries(tags).map(([key, value]) => ({ key, values: [value] })),
        },
      },
    },
    output: { arns: { value: '${data.aws_resourcegroupstaggingapi_resources.keys.resource_tag_mapping_list[*].resource_arn}' } },
  };
  try {
    mkdirSync(aside.options.folder, { recursive: true });
    const lockFile = path.join(options.folder, lockFileName);
    if (existsSync(lockFile)) copyFileSync(lockFile, path.join(aside.options.folder, lockFileName));
    aside.write(withLocalBackend(question, 'keys.tfstate'));
    await aside.run(['init', '-input=false']);
    await aside.run(['apply', '-input=false', '-auto-approve']);
    const { stdout } = await aside.run(['output', '-json', 'arns']);
    const arns: unknown = JSON.parse(stdout);
    return Array.isArray(arns) ? arns.filter((arn) => typeof arn === 'string') : [];
  } finally {
    aside.remove();
  }
}

/** `default_tags` of the provider, whose block may be a list of blocks. */
function defaultTags(json: UnitJson): Readonly<Record<string, string>> {
  const provider = isObject(json['provider']) ? json['provider']['aws'] : undefined;
  const block = first(first(provider)?.['default_tags']);
  const tags = block?.['tags'];
  return isObject(tags)
    ? Object.fromEntries(Object.entries(tags).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
    : {};
}

function first(block: unknown): { readonly [key: string]: unknown } | undefined {
  const one: unknown = Array.isArray(block) ? block[0] : block;
  return isObject(one) ? one : undefined;
}
