import type { Settings } from '../../engine/context';
import { isUnknown, textOf, unknown, type ObjectValue } from '../../protocol/value';
import { serviceKeyId } from './owned';

/** Arguments that have a service manage a secret; without them there is none. */
const managed: Readonly<Record<string, readonly [string, unknown]>> = {
  master_user_secret: ['manage_master_user_password', []],
  master_password_secret_arn: ['manage_master_password', ''],
  admin_password_secret_arn: ['manage_admin_password', ''],
};

/** What an attribute that names a managed secret holds where nothing manages one; undefined where something does, or for another attribute. */
export function withoutSecret(path: string, attributes: Readonly<Record<string, unknown>>): unknown {
  const rule = managed[path];
  return rule === undefined || attributes[rule[0]] === true ? undefined : rule[1];
}

/** Arguments that have a service manage a secret, the key that it is encrypted with, and what describes it. */
const described = [
  ['manage_master_user_password', 'master_user_secret_kms_key_id', 'master_user_secret'],
  ['manage_master_password', 'master_password_secret_kms_key_id', undefined],
  ['manage_admin_password', 'admin_password_secret_kms_key_id', undefined],
] as const;

/** The key and the state of a secret that a service manages; without a key of its own it is encrypted with `alias/aws/secretsmanager`. */
export function managedSecret({ values }: Settings, planned: ObjectValue): ObjectValue {
  const rule = described.find(([argument]) => planned[argument] === true);
  if (rule === undefined) return {};
  const { partition = '', region = '', account = '' } = values;
  const given = isUnknown(planned[rule[1]]) ? undefined : textOf(planned[rule[1]]);
  const id = given ?? serviceKeyId(account, region, 'secretsmanager');
  const key = id.startsWith('arn:') ? id : `arn:${partition}:kms:${region}:${account}:key/${id}`;
  const secret = rule[2] === undefined ? {} : { [rule[2]]: [{ kms_key_id: key, secret_arn: unknown, secret_status: 'active' }] };
  return { [rule[1]]: key, ...secret };
}
