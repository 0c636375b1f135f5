/** The parts of a unit's Terraform JSON that bootstrapping looks at. */
export interface UnitJson {
  readonly terraform?: { readonly backend?: Readonly<Record<string, unknown>>; readonly [name: string]: unknown };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly [name: string]: unknown;
}

/** The unit with its state in a file beside it, for as long as its bucket does not exist; pure. */
export function withLocalBackend(json: UnitJson, path: string): UnitJson {
  return { ...json, terraform: { ...json.terraform, backend: { local: { path } } } };
}

/** The unit without what protects it: no `prevent_destroy`, buckets that may be emptied, no deletion protection. Only for `terrace backend destroy`. */
export function withoutProtection(json: UnitJson): UnitJson {
  const resource = Object.fromEntries(
    Object.entries(json.resource ?? {}).map(([type, resources]) => [
      type,
      Object.fromEntries(Object.entries(resources).map(([name, attributes]) => [name, unprotected(type, attributes)])),
    ]),
  );
  return { ...json, resource };
}

function unprotected(type: string, attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { lifecycle, ...rest } = attributes;
  const others =
    typeof lifecycle === 'object' && lifecycle !== null
      ? Object.fromEntries(Object.entries(lifecycle).filter(([name]) => name !== 'prevent_destroy'))
      : {};
  return {
    ...rest,
    ...(Object.keys(others).length === 0 ? {} : { lifecycle: others }),
    ...(type === 'aws_s3_bucket' ? { force_destroy: true } : {}),
    ...(type === 'aws_dynamodb_table' ? { deletion_protection_enabled: false } : {}),
  };
}

/** Address and literal name of each resource of a type: `['aws_s3_bucket.states', 'terraform-state-…']`. */
export function namedResources(
  json: UnitJson,
  type: string,
  attribute: string,
): readonly { readonly address: string; readonly name: string }[] {
  return Object.entries(json.resource?.[type] ?? {}).flatMap(([local, attributes]) => {
    const name = attributes[attribute];
    return typeof name === 'string' ? [{ address: `${type}.${local}`, name }] : [];
  });
}
