import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const marker = 'sourceMappingURL=data:application/json;base64,';

/**
 * The generated TypeScript of one bindings folder (`lib/vpc`, `.gen/providers/hcloud/server`), its `index-structs` included;
 * undefined when the folder holds no bindings. Published packages carry it in the inline source map of the compiled file.
 */
export function bindingSource(folder: string): string | undefined {
  const main = sourceOf(path.join(folder, 'index'));
  if (main === undefined) return undefined;
  const structs = path.join(folder, 'index-structs');
  if (!existsSync(structs)) return main;
  const names = new Set(readdirSync(structs).flatMap((file) => /^(structs\d+)\.(?:js|ts)$/.exec(file)?.[1] ?? []));
  return [main, ...[...names].sort().map((name) => sourceOf(path.join(structs, name)) ?? '')].join('\n');
}

function sourceOf(stem: string): string | undefined {
  const typescript = read(`${stem}.ts`);
  if (typescript !== undefined) return typescript;
  const compiled = read(`${stem}.js`);
  const start = compiled?.lastIndexOf(marker) ?? -1;
  if (compiled === undefined || start < 0) return undefined;
  const map: unknown = JSON.parse(Buffer.from(compiled.slice(start + marker.length).trim(), 'base64').toString('utf8'));
  const contents = typeof map === 'object' && map !== null && 'sourcesContent' in map ? map.sourcesContent : undefined;
  const text: unknown = Array.isArray(contents) ? contents[0] : undefined;
  return typeof text === 'string' ? text : undefined;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw error;
  }
}
