import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { TerraceError } from 'terrace';

import { metadata, type ObjectPlace } from './metadata';

export interface OpaqueSecretOptions {
  readonly name: string;
  readonly place: ObjectPlace;
  /** Sensitive variables by key: a secret's value never stands in the source. */
  readonly values: Readonly<Record<string, TerraformVariable>>;
  /** @default 'Opaque' */
  readonly type?: 'Opaque' | 'kubernetes.io/tls';
}

/**
 * A secret of sensitive variables. Does not restart those who read it: rotate with `kubectl rollout restart`.
 * Raises E2701 for a value that is no variable, or a variable that is not sensitive.
 */
export class OpaqueSecret extends Construct {
  readonly secret: SecretV1;

  constructor(scope: Construct, id: string, { name, place, values, type = 'Opaque' }: OpaqueSecretOptions) {
    super(scope, id);
    for (const [key, value] of Object.entries(values)) refuseLiteral(`${scope.node.path}/${id}`, key, value);
    this.secret = new SecretV1(this, 'secret', {
      metadata: metadata(name, place),
      type,
      data: Object.fromEntries(Object.entries(values).map(([key, variable]) => [key, variable.stringValue])),
    });
  }

  /** As references to the object, so that who uses it is made after it. */
  get name(): string {
    return this.secret.metadata.name;
  }
}

function refuseLiteral(place: string, key: string, value: unknown): void {
  if (value instanceof TerraformVariable && value.sensitive === true) return;
  throw new TerraceError({
    code: 'E2701',
    title: 'secret in the source',
    place,
    found: value instanceof TerraformVariable ? `${key} is a variable that is not sensitive` : `${key} is a literal`,
    expected: 'a sensitive variable',
    todo: "declare it with this.variable('name', { sensitive: true, … })",
  });
}
