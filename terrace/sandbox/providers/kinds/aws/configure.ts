import { readFileSync } from 'node:fs';

import type { Caller, Settings } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { isList, isObject, textOf, type ObjectValue, type Value } from '../../protocol/value';

const fallbackAccount = '000000000000';

/** What an aws provider block gives its connection: account, region, partition, default tags. Refuses the wrong account. */
export function configureAws(config: ObjectValue, caller: Caller): Settings {
  const region =
    textOf(config['region']) ??
    caller.environment['AWS_REGION'] ??
    caller.environment['AWS_DEFAULT_REGION'] ??
    (caller.known ? undefined : 'us-east-1');
  if (region === undefined || region === '') throw new Refusal('invalid provider configuration', 'Missing region configuration');
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw new Refusal('invalid AWS Region', region, 'region');
  const allowed = texts(config['allowed_account_ids']);
  const forbidden = texts(config['forbidden_account_ids']);
  const account = accountOf(config, caller) ?? allowed[0] ?? fallbackAccount;
  if (allowed.length > 0 && !allowed.includes(account)) throw new Refusal('AWS account ID not allowed', account);
  if (forbidden.includes(account)) throw new Refusal('AWS account ID not allowed', account);
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const dnsSuffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    scope: `${account}/${region}`,
    values: { account, region, partition, dnsSuffix },
    defaultTags: tagsOf(config['default_tags']),
    caller,
  };
}

/**
 * Whose account a call is made in: the last assumed role, the access key of the block, the profile of either,
 * the role or access key of the terraform process. Undefined when nothing tells; a real key does not.
 */
function accountOf(config: ObjectValue, caller: Caller): string | undefined {
  const roles = [...objects(config['assume_role']), ...objects(config['assume_role_with_web_identity'])]
    .map((role) => accountOfArn(textOf(role['role_arn'])))
    .filter((one) => one !== undefined);
  return (
    roles.at(-1) ??
    accountOfKey(textOf(config['access_key'])) ??
    accountOfProfile(textOf(config['profile']) ?? caller.environment['AWS_PROFILE'], caller.environment['AWS_CONFIG_FILE']) ??
    accountOfArn(caller.environment['AWS_ROLE_ARN']) ??
    accountOfKey(caller.environment['AWS_ACCESS_KEY_ID'])
  );
}

/** Account of a profile in the sandbox's AWS configuration: its key's, or its role's. */
function accountOfProfile(profile: string | undefined, file: string | undefined): string | undefined {
  if (profile === undefined || profile === '' || file === undefined || file === '') return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const section = text.split(/^\[/m).find((one) => one.startsWith(profile === 'default' ? 'default]' : `profile ${profile}]`));
  return (
    accountOfArn(/role_arn\s*=\s*(\S+)/.exec(section ?? '')?.[1]) ?? accountOfKey(/aws_access_key_id\s*=\s*(\S+)/.exec(section ?? '')?.[1])
  );
}

function accountOfArn(arn: string | undefined): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):/.exec(arn ?? '')?.[1];
}

/** Sandbox keys carry the account as twelve digits. */
function accountOfKey(key: string | undefined): string | undefined {
  return /(\d{12})/.exec(key ?? '')?.[1];
}

function tagsOf(blocks: Value | undefined): Readonly<Record<string, string>> {
  const tags = objects(blocks)[0]?.['tags'];
  return isObject(tags)
    ? Object.fromEntries(Object.entries(tags).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
    : {};
}

function objects(value: Value | undefined): ObjectValue[] {
  return isList(value) ? value.filter(isObject) : isObject(value) ? [value] : [];
}

function texts(value: Value | undefined): string[] {
  return isList(value) ? value.filter((one) => typeof one === 'string') : [];
}
