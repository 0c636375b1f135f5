import { isObject, type JsonObject } from '../../base/json';
import type { UnitModel } from '../../model/model';
import { isBesideSecret, isSecretName } from '../../model/secret-name';
import { instanceReferences } from '../../terraform/instance-references';
import { argumentsOf, meaningsOf, placeIn, type Meaning, type Place, type Scope } from '../../terraform/scope';
import { readTemplate } from '../../terraform/template';

import { followReferences } from './follow-references';

/** Data sources that are worked out on the machine, or whose addresses are judged elsewhere: what they are given stays there. */
const local = new Set(
  `archive_file aws_arn aws_iam_policy_document cloudinit_config google_iam_policy helm_template local_file local_sensitive_file null_data_source
  terraform_remote_state tls_certificate tls_public_key`.split(/\s+/),
);

/** What reads objects of a bucket that may be anybody's, whose owner sees every key that is asked for. */
const ofBuckets = /^(?:aws_s3_(?:bucket_)?objects?|google_storage_bucket_objects?(?:_content)?|azurerm_storage_(?:blob|table_entity)s?)$/;

/** Arguments that say which bucket it is. */
const buckets = new Set(['bucket', 'storage_account_name', 'storage_container_name', 'storage_table_id', 'region', 'provider']);

/** What terraform itself reads of a block. */
const settings = new Set(['count', 'depends_on', 'for_each', 'lifecycle', 'provider', '//']);

/** Whatever is read of these is one. */
const secretTypes = new Set(
  `aws_kms_secrets aws_secretsmanager_random_password random_password tls_private_key kubernetes_secret kubernetes_secret_v1`.split(/\s+/),
);
const secretValues: { readonly [type: string]: RegExp } = {
  aws_ssm_parameter: /^(?:value|insecure_value)$/,
  aws_ssm_parameters_by_path: /^values$/,
  azurerm_key_vault_secret: /^value$/,
  aws_s3_object: /^body$/,
  aws_s3_bucket_object: /^body$/,
};

/** What may stand in the key of somebody else's object: names and ids of things, and what chance gave for names. */
const named = /^(?:ids?|arns?|names?|bucket|key|path|region|hex|dec|b64_url|account_id|partition|.*_(?:id|arn|name|region))$/;
const byChance = /^random_(?:id|integer|pet|shuffle|string|uuid)$/;

/** Of a block, what is asked for while planning. */
interface Asking {
  readonly place: string;
  readonly type: string;
  readonly body: JsonObject;
}

/**
 * Data sources and imports that would send a secret away while planning: in what is asked for it arrives with whoever owns the bucket, queue or
 * account that the change names. Secrets are variables that are declared sensitive or called like one, what is wrapped or unwrapped by `sensitive()`, ephemeral values
 * and attributes that hold secrets; of an object in a bucket that is not the unit's own also whatever whoever plans gives, and what other states or
 * data sources hold. Through locals, modules and arguments of resources. Pure.
 */
export function sentSecrets(scope: Scope, { variables }: UnitModel): readonly string[] {
  const secret = new Set(variables.filter(({ sensitive }) => sensitive).map(({ name }) => name));
  return askings(scope).flatMap(({ place, type, body }) => {
    const isForeign = ofBuckets.test(type) && !isOwnBucket(body['bucket']);
    return argumentsOf(body, placeIn(scope, body))
      .filter(([name]) => !settings.has(name))
      .flatMap(([name, value, at]) => {
        const found = secretsIn(value, at, { secret, isStrict: isForeign && !buckets.has(name) });
        const [first] = found;
        return first === undefined ? [] : [`${place}.${name} would send ${first} away while planning`];
      });
  });
}

/**
 * Messages of conditions that would print a secret into the log of a plan that fails: of one that was changed beyond recognition nothing is left
 * to mask there. Pure.
 */
export function printedSecrets(scope: Scope, { variables }: UnitModel): readonly string[] {
  const secret = new Set(variables.filter(({ sensitive }) => sensitive).map(({ name }) => name));
  return scope.blocks.flatMap(({ kind, labels, body }) =>
    messagesIn(body).flatMap((message) => {
      const [first] = secretsIn(message, placeIn(scope, body), { secret, isStrict: false });
      return first === undefined ? [] : [`${[kind, ...labels].join('.')} would print ${first} in the message of a condition`];
    }),
  );
}

function messagesIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(messagesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === 'error_message' ? [inner] : messagesIn(inner)));
}

/** Blocks that ask for something while planning. */
function askings({ blocks }: Scope): readonly Asking[] {
  return blocks.flatMap(({ kind, labels, body }): readonly Asking[] => {
    if (kind === 'import') {
      const { id, identity, for_each } = body;
      const type = typeof body['to'] === 'string' ? (body['to'].replace(/^\$\{\s*/, '').split('.')[0] ?? '') : '';
      return [
        {
          place: `import.${String(body['to'])}`,
          type,
          body: Object.fromEntries(Object.entries({ id, identity, for_each }).filter(([, value]) => value !== undefined)) as JsonObject,
        },
      ];
    }
    const [type = ''] = labels;
    if ((kind !== 'data' && kind !== 'ephemeral') || local.has(type)) return [];
    return [{ place: [kind, ...labels].join('.'), type, body }];
  });
}

/** A bucket that the unit itself makes stands in the environment's own account. */
function isOwnBucket(bucket: unknown): boolean {
  return typeof bucket === 'string' && /^\$\{\s*aws_s3_bucket\.[\w-]+(?:\[[^[\]]*\])?\.(?:id|bucket)\s*\}$/.test(bucket);
}

interface Asked {
  /** Variables of the root that are secret. */
  readonly secret: ReadonlySet<string>;
  /** Whether everything counts that may be one. */
  readonly isStrict: boolean;
}

/** What of a value is secret, as it is referred to. */
function secretsIn(value: unknown, place: Place, { secret, isStrict }: Asked): readonly string[] {
  const found = new Set<string>();
  followReferences(value, place, {
    entries: (one, at) => argumentsOf(one, at).map(([key, inner, from]) => ({ value: [key, inner], place: from })),
    references: (text) => {
      const { calls, references } = readTemplate(text);
      if (calls.some(({ name }) => /^(?:core::)?(?:non)?sensitive$/.test(name))) found.add(text);
      return exactly(references, instanceReferences(text));
    },
    reference: (reference, at, isIterator) => {
      if (!isIterator && isSecret(reference, at.scope)) {
        found.add(reference);
        return [];
      }
      const meanings = meaningsOf(reference, at);
      return meanings.length > 0 || isIterator ? meanings : madeOf(reference, at);
    },
  });
  return [...found];

  /** What a thing was made of, where all of it is asked for, or an id, which may hold it. */
  function madeOf(reference: string, at: Place): readonly Meaning[] {
    const { address, attribute } = partsOf(reference);
    if (isStrict) judgeOrigin(reference, at);
    if (!isStrict && attribute !== undefined) return [];
    return (at.scope.bodies.get(address) ?? []).flatMap((body) =>
      argumentsOf(body, placeIn(at.scope, body))
        .filter(([name]) => !settings.has(name))
        .map(([, inner, from]) => ({ value: inner, place: from })),
    );
  }

  function isSecret(reference: string, scope: Scope): boolean {
    const [first = '', ...rest] = reference.split('.');
    if (first === 'ephemeral') return true;
    if (first === 'var') {
      const [name = ''] = rest;
      const isDeclared = (scope.bodies.get(`variable.${name}`) ?? []).some(
        ({ sensitive }) => sensitive === true || sensitive === '${true}',
      );
      return isDeclared || (scope.caller === undefined && (secret.has(name) || isSecretName(name)));
    }
    const { type, attribute } = partsOf(reference);
    if (secretTypes.has(type)) return attribute === undefined || !isBesideSecret(attribute);
    if (attribute === undefined) return secretValues[type] !== undefined;
    return secretValues[type]?.test(attribute) === true || isSecretName(attribute);
  }

  /** What no configuration says: a variable of whoever plans, an output of another state, what a provider computed. */
  function judgeOrigin(reference: string, at: Place): void {
    const [first = '', second = ''] = reference.split('.');
    if (['path', 'terraform', 'count', 'self', 'each'].includes(first) || second === '') return;
    if (first === 'var') {
      const [body] = at.scope.bodies.get(`variable.${second}`) ?? [];
      if ((body?.['default'] ?? null) === null) found.add(reference);
      return;
    }
    const { type, attribute = '' } = partsOf(reference);
    if (type === 'terraform_remote_state' || !(byChance.test(type) || named.test(attribute))) found.add(reference);
  }
}

/** References that go on behind an index count once, as they are meant. */
function exactly(references: readonly string[], ofInstances: readonly string[]): readonly string[] {
  const isMeantBy = (one: string): boolean =>
    references.filter((other) => other === one).length === ofInstances.filter((other) => other.startsWith(`${one}.`)).length;
  return [...references.filter((one) => !isMeantBy(one)), ...ofInstances];
}

/** The parts of a reference to a resource or data source; what is read of it is the last word. */
function partsOf(reference: string): { readonly type: string; readonly address: string; readonly attribute?: string } {
  const words = reference.split('.');
  const isData = words[0] === 'data';
  const [type = '', name = '', ...path] = isData ? words.slice(1) : words;
  const attribute = path.at(-1);
  return { type, address: `${isData ? 'data.' : ''}${type}.${name}`, ...(attribute === undefined ? {} : { attribute }) };
}
