import { Ruleset } from '@cdktf/provider-cloudflare/lib/ruleset';
import { Construct } from 'constructs';
import { refuse, type Problem } from 'terrace';

export type ZonePlan = 'free' | 'pro' | 'business' | 'enterprise';

interface PlanLimits {
  readonly rules: number;
  readonly periodSeconds: number;
  /** Whether expressions may read request headers and cookies. */
  readonly headers: boolean;
}

/** What a zone's plan has of rate limiting (developers.cloudflare.com, "Rate limiting rules", availability). */
const planLimits: Readonly<Record<ZonePlan, PlanLimits>> = {
  free: { rules: 1, periodSeconds: 10, headers: false },
  pro: { rules: 2, periodSeconds: 60, headers: false },
  business: { rules: 5, periodSeconds: 600, headers: false },
  enterprise: { rules: 100, periodSeconds: 65_535, headers: true },
};

/** Fields of request headers in Cloudflare's rules language. */
const headerField = /\bhttp\.request\.(?:headers|cookies|accepted_languages)\b|\bhttp\.cookie\b/;

export interface RateLimit {
  /** What the rule is called where it is read. */
  readonly description: string;
  /** Requests that it counts, in Cloudflare's rules language. */
  readonly expression: string;
  readonly requests: number;
  /** @default 60 */
  readonly periodSeconds?: number;
}

export interface RateLimitsOptions {
  readonly zoneId: string;
  readonly plan: ZonePlan;
  /** In order; a request is counted by every rule that fits. */
  readonly limits: readonly RateLimit[];
}

/** Seconds that an address stays blocked after it went over a limit: the period, so that whoever slows down gets in again. */
const defaultPeriod = 60;

/**
 * The rate limits of a zone, counted by address and data center: what every plan can count by. Exists once per zone.
 * Raises E2905 for more rules, a longer period, or other fields than the zone's plan has.
 */
export class RateLimits extends Construct {
  constructor(scope: Construct, id: string, { zoneId, plan, limits }: RateLimitsOptions) {
    super(scope, id);
    refuse(rateLimitProblems(plan, limits));
    new Ruleset(this, 'rules', {
      zoneId,
      kind: 'zone',
      name: 'Rate limits',
      phase: 'http_ratelimit',
      rules: limits.map(({ description, expression, requests, periodSeconds = defaultPeriod }) => ({
        action: 'block',
        description,
        enabled: true,
        expression,
        ratelimit: {
          characteristics: ['cf.colo.id', 'ip.src'],
          period: periodSeconds,
          requestsPerPeriod: requests,
          mitigationTimeout: periodSeconds,
        },
      })),
    });
  }
}

/** E2905 where the plan of the zone has less. */
export function rateLimitProblems(plan: ZonePlan, limits: readonly RateLimit[]): readonly Problem[] {
  const most = planLimits[plan];
  const problem = (found: string, expected: string): Problem => ({
    code: 'E2905',
    title: 'limit above the maximum of the plan',
    place: `zone plan ${plan}`,
    found,
    expected,
    todo: 'lower it, or choose a larger plan',
  });
  return [
    ...(limits.length > most.rules ? [problem(`${limits.length} rate-limiting rules`, `at most ${most.rules}`)] : []),
    ...limits
      .filter(({ periodSeconds = defaultPeriod }) => periodSeconds > most.periodSeconds)
      .map(({ description, periodSeconds = defaultPeriod }) =>
        problem(`${description}: a period of ${periodSeconds} s`, `at most ${most.periodSeconds} s`),
      ),
    ...limits
      .filter(({ expression }) => !most.headers && headerField.test(expression))
      .map(({ description }) => problem(`${description}: an expression that reads request headers`, 'host, path, method, address')),
  ];
}
