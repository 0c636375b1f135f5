import { messageOf } from '../../base/message';
import type { UnitFiles } from '../../model/content-digest';

/** A file of HCL as the JSON that says the same, or why it cannot be read. */
export type HclFile = { readonly document: unknown } | { readonly problem: string };

/**
 * The files of HCL among a unit's, read by the parser that terraform itself uses: expressions become templates of Terraform JSON, escapes and
 * comments in them stay as they are written. The parser is loaded only where there is such a file.
 */
export async function hclFiles(files: UnitFiles): Promise<ReadonlyMap<string, HclFile>> {
  const names = [...files.keys()].filter((name) => /\.(?:tf|tofu)$/.test(name));
  if (names.length === 0) return new Map();
  const { parse } = await import('@cdktf/hcl2json');
  const read = async (name: string): Promise<HclFile> => {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(files.get(name));
      // An empty file gives no document at all.
      return { document: text.trim() === '' ? {} : await parse(name, text) };
    } catch (error) {
      return { problem: messageOf(error) };
    }
  };
  return new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}
