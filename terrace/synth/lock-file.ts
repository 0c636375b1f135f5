/** The provider blocks of a `.terraform.lock.hcl` by their full address, as text. */
export function lockFileBlocks(text: string): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>();
  for (const match of text.matchAll(/^provider "([^"]+)" \{\n[\s\S]*?^\}\n?/gm))
    if (match[1] !== undefined) blocks.set(match[1], match[0].trimEnd());
  return blocks;
}

const header = '# This file is maintained automatically by "terraform init".\n# Manual edits may be lost in future updates.\n';

/** The part of a system's lock file that one unit needs: the blocks of its providers, sorted, as terraform would write them. */
export function lockFilePart(text: string, sources: readonly string[]): string {
  const blocks = lockFileBlocks(text);
  const wanted = sources.map((source) => (source.split('/').length === 2 ? `registry.terraform.io/${source}` : source)).sort();
  return [header, ...wanted.flatMap((source) => blocks.get(source) ?? []).map((one) => `${one}\n`)].join('\n');
}
