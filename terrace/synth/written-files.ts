/** Name of the record of what Terrace wrote below a system's folder. */
export const recordName = '.terrace.json';

/** The record's text: the paths that Terrace wrote, relative to the system's folder. What is not in it is never overwritten or removed. */
export function renderRecord(paths: Iterable<string>): Buffer {
  return Buffer.from(`${JSON.stringify({ version: 1, files: [...new Set(paths)].sort() }, null, 2)}\n`);
}

/** Reads a record; what is no record (absent, cut, of another version) counts as empty, so that nothing is removed by mistake. */
export function parseRecord(content: Buffer | undefined): ReadonlySet<string> {
  if (content === undefined) return new Set();
  try {
    const record: unknown = JSON.parse(content.toString('utf8'));
    if (
      typeof record !== 'object' ||
      record === null ||
      !('version' in record) ||
      record.version !== 1 ||
      !('files' in record) ||
      !Array.isArray(record.files)
    )
      return new Set();
    return new Set(record.files.filter((name): name is string => typeof name === 'string' && isInside(name)));
  } catch {
    return new Set();
  }
}

function isInside(name: string): boolean {
  return !name.startsWith('/') && !name.split('/').includes('..');
}
