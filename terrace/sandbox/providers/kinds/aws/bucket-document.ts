import { document, element } from '../../../http/xml';
import { isList, isObject, isUnknown, type ObjectValue, type Value } from '../../protocol/value';

/** Names of S3's documents that are not the attribute's name in camel case. */
const names: Readonly<Record<string, string>> = {
  id: 'ID',
  sse_algorithm: 'SSEAlgorithm',
  kms_master_key_id: 'KMSMasterKeyID',
  replica_kms_key_id: 'ReplicaKmsKeyID',
  cors_rule: 'CORSRule',
  allowed_headers: 'AllowedHeader',
  allowed_methods: 'AllowedMethod',
  allowed_origins: 'AllowedOrigin',
  expose_headers: 'ExposeHeader',
};

/** The document of a bucket setting as S3 stores it: every attribute that is set becomes an element, every block a nested one. */
export function bucketDocument(root: string, content: ObjectValue): string {
  return document(element(root, elementsOf(content)), true);
}

function elementsOf(content: ObjectValue): string[] {
  return Object.entries(content).flatMap(([name, value]) =>
    name === 'tags' && isObject(value) ? tagsOf(value) : elementOf(names[name] ?? camelCase(name), value),
  );
}

function elementOf(name: string, value: Value): string[] {
  if (value === null || value === '' || isUnknown(value)) return [];
  if (isList(value)) return value.flatMap((one) => elementOf(name, one));
  if (isObject(value)) return [element(name, elementsOf(value))];
  return [element(name, String(value))];
}

/** Tags as `<Tag><Key>…</Key><Value>…</Value></Tag>`. */
export function tagsOf(tags: ObjectValue): string[] {
  return Object.entries(tags).map(([key, value]) => element('Tag', [element('Key', key), element('Value', String(value ?? ''))]));
}

function camelCase(name: string): string {
  return name
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
