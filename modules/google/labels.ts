/** Labels in Google's alphabet: keys and values of lower-case letters, digits, `_` and `-`, at most 63 characters, keys beginning with a letter. */
export function labelsOf(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [
      key
        .replace(/([a-z])([A-Z])/g, '$1-$2')
        .toLowerCase()
        .replaceAll(/[^a-z0-9_-]+/g, '-')
        .slice(0, 63),
      value
        .toLowerCase()
        .replaceAll(/[^a-z0-9_-]+/g, '-')
        .slice(0, 63),
    ]),
  );
}
