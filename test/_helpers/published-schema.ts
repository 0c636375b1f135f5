import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Schema } from '../../terrace/delivery/bundle/typed-schema';
import { readAs } from '../../terrace/delivery/bundle/validate';
import { projectRoot } from './project-root';

/** What in a value does not fit a schema of docs/schemas, one line each; nothing where it fits. */
export async function unfitting(name: string, value: unknown): Promise<readonly string[]> {
  const schema: Schema<unknown> = JSON.parse(readFileSync(path.join(projectRoot, 'docs', 'schemas', name), 'utf8'));
  const read = await readAs(schema, value);
  return 'problems' in read ? read.problems : [];
}
