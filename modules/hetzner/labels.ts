/** Labels in Hetzner's alphabet: keys and values of letters, digits, `.`, `_` and `-`, at most 63 characters, alphanumeric at both ends. */
export function labelsOf(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [
      key.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase(),
      value
        .replace(/[^A-Za-z0-9._-]+/g, '.')
        .slice(0, 63)
        .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, ''),
    ]),
  );
}
