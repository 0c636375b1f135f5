import { CloudflareProvider } from '@cdktf/provider-cloudflare/lib/provider';
import { GithubProvider } from '@cdktf/provider-github/lib/provider';
import { PagerdutyProvider } from '@cdktf/provider-pagerduty/lib/provider';
import { Environment, type Outputs, Region, type System, Unit } from 'terrace';

import { BetteruptimeProvider } from '../../.gen/providers/betteruptime/provider';
import { SentryProvider } from '../../.gen/providers/sentry/provider';
import { SupabaseProvider } from '../../.gen/providers/supabase/provider';
import { UpstashProvider } from '../../.gen/providers/upstash/provider';
import { sizesOf, type Sizes } from './topology/capacity';
import type { AstralerEnvironmentValues, AstralerRegionValues, AstralerRootValues } from './values';

export class AstralerEnvironment extends Environment<AstralerEnvironmentValues, System<AstralerRootValues>> {}

export class AstralerRegion extends Region<AstralerRegionValues, AstralerEnvironment> {}

/** A unit of astraler. Tokens of providers are variables without a default: one that is missing is named before terraform starts. */
export abstract class AstralerUnit<O extends Outputs = Outputs> extends Unit<O, AstralerRegion> {
  get environment(): AstralerEnvironmentValues {
    return this.region.environment.values;
  }

  get root(): AstralerRootValues {
    return this.region.environment.system.values;
  }

  get sizes(): Sizes {
    const sizes = sizesOf(this.environment.capacity);
    return { ...sizes, instanceSize: this.environment.instanceSize ?? sizes.instanceSize };
  }

  /** Before each name: `astraler-production`. */
  get prefix(): string {
    return prefixOf(this.environment.environment);
  }

  protected useCloudflare(): void {
    new CloudflareProvider(this, 'cloudflare', { apiToken: this.secret('cloudflare_api_token', 'Cloudflare API token') });
    this.#source('cloudflare', 'cloudflare/cloudflare');
  }

  /** Takes the token of Cloudflare, and gives the id of the account. */
  protected useCloudflareAccount(): string {
    this.useCloudflare();
    return this.variable('cloudflare_account_id', { description: 'ID of the Cloudflare account' }).stringValue;
  }

  protected useSupabase(): void {
    new SupabaseProvider(this, 'supabase', { accessToken: this.secret('supabase_access_token', 'Supabase access token') });
  }

  protected useUpstash(): void {
    new UpstashProvider(this, 'upstash', {
      email: this.variable('upstash_email', { description: 'Email address of the Upstash account' }).stringValue,
      apiKey: this.secret('upstash_api_key', 'Upstash API key'),
    });
  }

  protected useSentry(): void {
    new SentryProvider(this, 'sentry', { token: this.secret('sentry_auth_token', 'Sentry auth token') });
  }

  /** Takes the token of Better Stack, and gives it for those who ask its API themselves. */
  protected useBetterStack(): string {
    const token = this.secret('betteruptime_api_token', 'Better Stack Uptime API token');
    new BetteruptimeProvider(this, 'betteruptime', { apiToken: token });
    return token;
  }

  protected usePagerduty(): void {
    new PagerdutyProvider(this, 'pagerduty', { token: this.secret('pagerduty_token', 'PagerDuty API token') });
    this.#source('pagerduty', 'PagerDuty/pagerduty');
  }

  protected useGithub(): void {
    new GithubProvider(this, 'github', { owner: this.root.repository.owner, token: this.secret('github_token', 'GitHub token') });
    this.#source('github', 'integrations/github');
  }

  /** A variable that nothing prints and that has no default. */
  protected secret(name: string, description: string): string {
    return this.variable(name, { description, sensitive: true }).stringValue;
  }

  // The bindings write a short name, which a registry would look up elsewhere.
  #source(provider: string, source: string): void {
    this.addOverride(`terraform.required_providers.${provider}.source`, source);
  }
}

export function prefixOf(environment: string): string {
  return `astraler-${environment}`;
}
