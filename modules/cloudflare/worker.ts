import { WorkersScript } from '@cdktf/provider-cloudflare/lib/workers-script';
import { Construct } from 'constructs';
import { refuse, type Problem } from 'terrace';

/** What a Worker finds in its environment, by name. */
export type WorkerBinding =
  | { readonly type: 'plain_text' | 'secret_text'; readonly name: string; readonly text: string }
  | { readonly type: 'r2_bucket'; readonly name: string; readonly bucketName: string }
  | { readonly type: 'service'; readonly name: string; readonly service: string }
  | { readonly type: 'kv_namespace'; readonly name: string; readonly namespaceId: string };

/** The module that runs: a file in the unit's folder, or wherever a variable says, and its SHA-256 in hex. */
export interface WorkerCode {
  readonly path: string;
  readonly sha256: string;
}

export interface WorkerOptions {
  readonly accountId: string;
  /** Unique in the account. */
  readonly name: string;
  readonly code: WorkerCode;
  readonly bindings: readonly WorkerBinding[];
  /** Milliseconds of CPU for one request. @default 1000: an API call needs tens, and a loop ends before it costs */
  readonly cpuMs?: number;
}

/** The runtime's behaviour is fixed to this day; a later one is a reviewed change. */
const compatibilityDate = '2025-11-01';

const secretName = /(?:^|_)(?:SECRET|TOKEN|PASSWORD|PRIVATE|CREDENTIALS?|DSN|API_?KEY|KEY|JWT)(?:_|$)/;
/** Forms of keys that services give out: JWT, Stripe, Supabase, Slack, PEM. */
const secretValue = /^(?:eyJ[\w-]+\.|sk_|rk_|whsec_|sb_secret_|xox[abp]-|-----BEGIN )/;

/**
 * A Worker with its logs kept by Cloudflare (7 days on the paid plan) and handed to Logpush. Has no address of its own: routes give it one.
 * Raises E2901 for a plain-text binding that looks like a secret, and E2902 for two bindings of one name.
 */
export class Worker extends Construct {
  readonly script: WorkersScript;

  constructor(scope: Construct, id: string, { accountId, name, code, bindings, cpuMs = 1000 }: WorkerOptions) {
    super(scope, id);
    refuse(bindingProblems(name, bindings));
    this.script = new WorkersScript(this, 'script', {
      accountId,
      scriptName: name,
      mainModule: 'worker.mjs',
      contentFile: code.path,
      contentSha256: code.sha256,
      contentType: 'application/javascript+module',
      compatibilityDate,
      compatibilityFlags: ['nodejs_compat'],
      bindings: [...bindings].sort((a, b) => (a.name < b.name ? -1 : 1)),
      limits: { cpuMs },
      logpush: true,
      observability: { enabled: true, headSamplingRate: 1, logs: { enabled: true, invocationLogs: true, headSamplingRate: 1 } },
    });
  }

  /** Known once the Worker exists. */
  get name(): string {
    return this.script.scriptName;
  }
}

/** What is wrong with the bindings of one Worker; E2901 and E2902. */
export function bindingProblems(worker: string, bindings: readonly WorkerBinding[]): readonly Problem[] {
  const names = bindings.map(({ name }) => name);
  return [
    ...bindings.flatMap((binding): readonly Problem[] =>
      binding.type === 'plain_text' && (secretName.test(binding.name) || secretValue.test(binding.text))
        ? [
            {
              code: 'E2901',
              title: 'secret as plain text',
              place: worker,
              found: `the binding ${binding.name} is plain_text and looks like a secret`,
              expected: 'secret_text, which cannot be read back',
              todo: 'bind it as secret_text, or rename it if it is not a secret',
            },
          ]
        : [],
    ),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => ({
        code: 'E2902',
        title: 'duplicate binding',
        place: worker,
        found: `two bindings are called ${name}`,
        todo: 'remove one of them',
      })),
  ];
}
