import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { domainToASCII } from 'node:url';

import type { ProviderKind } from '../engine/context';
import { Refusal } from '../engine/refusal';
import type { Value } from '../protocol/value';

type Functions = NonNullable<ProviderKind['functions']>;

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

/** `provider::aws::*`: taking ARNs apart and putting them together. */
export const awsFunctions: Functions = {
  arn_parse: (arn) => {
    const [prefix, partition = '', service = '', region = '', account = '', ...resource] = text(arn).split(':');
    if (prefix !== 'arn' || resource.length === 0) throw new Refusal('arn parsing failed', `${JSON.stringify(text(arn))} is no ARN`);
    return { partition, service, region, account_id: account, resource: resource.join(':') };
  },
  arn_build: (...parts) => `arn:${parts.map(text).join(':')}`,
  trim_iam_role_path: (arn) => {
    const role = /^(arn:[^:]+:iam::\d{12}:role\/)(?:.*\/)?([^/]+)$/.exec(text(arn));
    if (role === null) throw new Refusal('trimming the path of a role', `${JSON.stringify(text(arn))} is no ARN of an IAM role`);
    return `${role[1] ?? ''}${role[2] ?? ''}`;
  },
};

const within =
  (what: string, pattern: RegExp) =>
  (id: Value | undefined): string => {
    const found = pattern.exec(text(id))?.[1];
    if (found === undefined) throw new Refusal(`no ${what}`, `${JSON.stringify(text(id))} names none`);
    return found;
  };

/** `provider::google::*`: parts of resource ids and self links. */
export const googleFunctions: Functions = {
  location_from_id: within('location', /locations\/([^/]+)(?:$|\/)/),
  name_from_id: within('name', /([^/]+)$/),
  project_from_id: within('project', /projects\/([^/]+)(?:$|\/)/),
  region_from_id: within('region', /regions\/([^/]+)(?:$|\/)/),
  zone_from_id: within('zone', /zones\/([^/]+)(?:$|\/)/),
  region_from_zone: (zone) => text(zone).replace(/-[a-z]$/, ''),
};

/** Segments of an Azure id as the API spells those that are alike everywhere. */
const azureWords: Readonly<Record<string, string>> = {
  subscriptions: 'subscriptions',
  resourcegroups: 'resourceGroups',
  providers: 'providers',
};

/** `provider::azurerm::*`. */
export const azurermFunctions: Functions = {
  normalise_resource_id: (id) =>
    text(id)
      .split('/')
      .map((part, index) => (index % 2 === 1 ? (azureWords[part.toLowerCase()] ?? part) : part))
      .join('/'),
  parse_resource_id: (id) => {
    const whole = /^(.*)\/providers\/([^/]+)\/(.+)$/i.exec(text(id));
    const subscription = /\/subscriptions\/([^/]+)/i.exec(text(id))?.[1];
    if (whole === null || subscription === undefined)
      throw new Refusal('parsing a resource id', `${JSON.stringify(text(id))} is no id of a resource`);
    const [, scope = '', provider = '', rest = ''] = whole;
    const parts = rest.split('/');
    const pairs = parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? ''] as const] : []));
    const [type = '', name = ''] = pairs.at(-1) ?? [];
    return {
      subscription_id: subscription,
      resource_group_name: /\/resourceGroups\/([^/]+)/i.exec(scope)?.[1] ?? '',
      resource_provider: provider,
      resource_scope: scope.includes('/resourceGroups/') ? '' : scope,
      resource_type: type,
      resource_name: name,
      parent_resources: Object.fromEntries(pairs.slice(0, -1)),
      full_resource_type: [provider, ...pairs.map(([one]) => one)].join('/'),
    };
  },
};

/** `provider::hcloud::*`: names and texts as DNS records hold them. */
export const hcloudFunctions: Functions = {
  idna: (domain) => {
    const ascii = domainToASCII(text(domain));
    if (ascii === '') throw new Refusal('converting a domain', `${JSON.stringify(text(domain))} is no domain`);
    return ascii;
  },
  // RFC 4408: strings of at most 255 bytes, each in quotes.
  txt_record: (record) => (text(record).match(/[\s\S]{1,255}/g) ?? ['']).map((part) => `"${part.replaceAll('"', '\\"')}"`).join(' '),
};

/** `provider::time::*`. */
export const timeFunctions: Functions = {
  rfc3339_parse: (given) => {
    const date = new Date(text(given));
    if (Number.isNaN(date.getTime())) throw new Refusal('parsing a timestamp', `${JSON.stringify(text(given))} is no RFC 3339 timestamp`);
    const start = Date.UTC(date.getUTCFullYear(), 0, 1);
    const day = Math.floor((date.getTime() - start) / 86_400_000) + 1;
    const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
    const week = Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
    const named = (options: Intl.DateTimeFormatOptions): string =>
      new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }).format(date);
    return {
      year: date.getUTCFullYear(),
      year_day: day,
      month: date.getUTCMonth() + 1,
      month_name: named({ month: 'long' }),
      day: date.getUTCDate(),
      weekday: date.getUTCDay(),
      weekday_name: named({ weekday: 'long' }),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      unix: Math.floor(date.getTime() / 1000),
      iso_year: thursday.getUTCFullYear(),
      iso_week: Math.floor(week),
    };
  },
};

/** `provider::local::*`: the folder of the calling terraform is not known to a function, so paths must be absolute. */
export const localFunctions: Functions = {
  direxists: (given) => {
    if (!path.isAbsolute(text(given))) throw new Refusal('direxists', 'the sandbox takes absolute paths only: write abspath(…)');
    return existsSync(text(given)) && statSync(text(given)).isDirectory();
  },
};
