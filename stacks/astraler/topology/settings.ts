/** The Workers of the application. */
export const applicationWorkers = ['api', 'auth', 'webhooks'] as const;

export type ApplicationWorker = (typeof applicationWorkers)[number];

/** Where a setting's value comes from in the cloud. */
export type Origin =
  /** A variable of terraform, `TF_VAR_<lower-case name>`. */
  | { readonly from: 'variable' }
  /** The values of the environment. */
  | { readonly from: 'environment'; readonly value: 'name' | 'app-url' }
  /** The same everywhere. */
  | { readonly from: 'constant'; readonly value: string }
  /** What the data stores give. */
  | { readonly from: 'supabase'; readonly value: 'url' | 'service-role-key' }
  | { readonly from: 'upstash'; readonly value: 'rest-url' | 'rest-token' };

/** One variable of the application's environment. */
export interface Setting {
  readonly name: string;
  readonly about: string;
  readonly secret: boolean;
  readonly workers: readonly ApplicationWorker[];
  readonly origin: Origin;
  /** What works on a developer's machine; absent for secrets that each developer makes. */
  readonly local?: string;
}

const all = applicationWorkers;
const variable = { from: 'variable' } as const;

/**
 * Every variable of the application, in every environment: bindings of the Workers and the lines of each `.env.example` are made from it, so
 * that environments differ in values only. Sessions last 15 minutes, their refreshing 7 days; cached answers 5 minutes; signed addresses 15.
 */
export const settings: readonly Setting[] = [
  {
    name: 'ENVIRONMENT',
    about: 'Name of the environment: development, preview, staging or production',
    secret: false,
    workers: all,
    origin: { from: 'environment', value: 'name' },
    local: 'development',
  },
  {
    name: 'APP_URL',
    about: 'URL of the application; `*` stands for the name of a pull request',
    secret: false,
    workers: all,
    origin: { from: 'environment', value: 'app-url' },
    local: 'http://localhost:3000',
  },
  {
    name: 'SUPABASE_URL',
    about: 'URL of the Supabase project',
    secret: false,
    workers: all,
    origin: { from: 'supabase', value: 'url' },
    local: 'http://localhost:54321',
  },
  {
    name: 'SUPABASE_SERVICE_ROLE_KEY',
    about: 'Key of the service role in Supabase; `supabase start` prints the local one',
    secret: true,
    workers: all,
    origin: { from: 'supabase', value: 'service-role-key' },
  },
  {
    name: 'UPSTASH_REDIS_REST_URL',
    about: 'URL of the Redis REST API',
    secret: false,
    workers: all,
    origin: { from: 'upstash', value: 'rest-url' },
    local: 'http://localhost:8079',
  },
  {
    name: 'UPSTASH_REDIS_REST_TOKEN',
    about: 'Token of the Redis REST API',
    secret: true,
    workers: all,
    origin: { from: 'upstash', value: 'rest-token' },
  },
  {
    name: 'CACHE_SECONDS',
    about: 'How long responses are cached in Redis',
    secret: false,
    workers: ['api'],
    origin: { from: 'constant', value: '300' },
    local: '300',
  },
  {
    name: 'SIGNED_URL_SECONDS',
    about: 'How long a signed URL of a file is valid',
    secret: false,
    workers: ['api'],
    origin: { from: 'constant', value: '900' },
    local: '900',
  },
  {
    name: 'SESSION_ACCESS_SECONDS',
    about: 'How long a session is valid without a refresh',
    secret: false,
    workers: ['auth'],
    origin: { from: 'constant', value: '900' },
    local: '900',
  },
  {
    name: 'SESSION_REFRESH_SECONDS',
    about: 'How long a session can be refreshed',
    secret: false,
    workers: ['auth'],
    origin: { from: 'constant', value: '604800' },
    local: '604800',
  },
  { name: 'JWT_SECRET', about: 'Key that signs sessions; rotated every 30 days', secret: true, workers: ['auth'], origin: variable },
  { name: 'SENTRY_DSN', about: 'Sentry DSN that errors are sent to', secret: true, workers: all, origin: variable },
  {
    name: 'RESEND_API_KEY',
    about: 'Resend API key that sends mail; rotated every 90 days',
    secret: true,
    workers: ['api', 'auth'],
    origin: variable,
  },
  {
    name: 'STRIPE_SECRET_KEY',
    about: 'Stripe key that takes payments; rotated every 90 days',
    secret: true,
    workers: ['api'],
    origin: variable,
  },
  {
    name: 'SEPAY_API_KEY',
    about: 'Sepay API key that reads bank transfers; rotated every 90 days',
    secret: true,
    workers: ['api'],
    origin: variable,
  },
  {
    name: 'FIREBASE_CREDENTIALS',
    about: 'Service account that sends push messages, as JSON',
    secret: true,
    workers: ['api'],
    origin: variable,
  },
  {
    name: 'STRIPE_WEBHOOK_SECRET',
    about: 'Secret that proves that a webhook call comes from Stripe',
    secret: true,
    workers: ['webhooks'],
    origin: variable,
  },
  {
    name: 'SEPAY_WEBHOOK_SECRET',
    about: 'Secret that proves that a webhook call comes from Sepay',
    secret: true,
    workers: ['webhooks'],
    origin: variable,
  },
  {
    name: 'SUPABASE_WEBHOOK_SECRET',
    about: 'Secret that proves that a webhook call comes from Supabase',
    secret: true,
    workers: ['webhooks'],
    origin: variable,
  },
];

/** Settings that one Worker alone has: nobody else can make sessions. */
export const exclusive: Readonly<Record<string, ApplicationWorker>> = { JWT_SECRET: 'auth' };

/** Paths of each Worker; `/*` is what no other answers. */
export const paths: Readonly<Record<ApplicationWorker, readonly string[]>> = {
  api: ['/*'],
  auth: ['/api/auth/*'],
  webhooks: ['/webhooks/*'],
};
