import { exitCodes, TerraceError } from '../base/errors';

const segment = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** A folder's name as source calls it: `eu-central-1` → `euCentral1`. */
export function valueName(name: string): string {
  const joined = name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return /^[0-9]/.test(joined) ? `_${joined}` : joined;
}

/** The same as a class: `s3-models` → `S3Models`. */
export function className(name: string): string {
  const value = valueName(name).replace(/^_/, '');
  return `${value.slice(0, 1).toUpperCase()}${value.slice(1)}`;
}

/** The segments of a path, of which there must be exactly so many. Raises E0011. */
export function segmentsOf(path: string, form: string): readonly string[] {
  const segments = path.split('/');
  if (segments.length === form.split('/').length && segments.every((one) => segment.test(one))) return segments;
  throw new TerraceError(
    {
      code: 'E0011',
      title: 'invalid name',
      place: path,
      found: `'${path}'`,
      expected: `${form}, each of lower-case letters, digits and single hyphens`,
      todo: 'give such a path',
    },
    exitCodes.wrongUsage,
  );
}
