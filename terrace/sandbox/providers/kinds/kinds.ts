import { awsKind } from './aws/kind';
import type { ProviderKind } from '../engine/context';
import { archiveKind } from './local/archive';
import { cloudinitKind } from './local/cloudinit';
import { externalKind } from './local/external';
import { httpKind } from './local/http';
import { localKind } from './local/local';
import { nullKind } from './local/null';
import { randomKind } from './local/random';
import { timeKind } from './local/time';
import { tlsKind } from './tls/kind';
import { cloudflareKind } from './cloudflare';
import { hcloudKind } from './hcloud';
import { plainKind } from './plain';
import {
  azurermKind,
  betteruptimeKind,
  githubKind,
  googleKind,
  helmKind,
  kubernetesKind,
  pagerdutyKind,
  sentryKind,
  supabaseKind,
  upstashKind,
} from './remote';

const kinds: Readonly<Record<string, ProviderKind>> = {
  archive: archiveKind,
  aws: awsKind,
  azurerm: azurermKind,
  betteruptime: betteruptimeKind,
  cloudflare: cloudflareKind,
  cloudinit: cloudinitKind,
  external: externalKind,
  github: githubKind,
  google: googleKind,
  hcloud: hcloudKind,
  helm: helmKind,
  http: httpKind,
  kubernetes: kubernetesKind,
  local: localKind,
  null: nullKind,
  pagerduty: pagerdutyKind,
  random: randomKind,
  sentry: sentryKind,
  supabase: supabaseKind,
  time: timeKind,
  tls: tlsKind,
  upstash: upstashKind,
};

/** How each provider differs from a plain one; a provider that is not listed has nothing of its own. */
export function kindOf(provider: string): ProviderKind {
  return kinds[provider] ?? plainKind();
}
