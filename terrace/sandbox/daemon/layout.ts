import path from 'node:path';

/** Where a sandbox keeps what, below its folder. */
export interface SandboxLayout {
  readonly s3: string;
  readonly dynamodb: string;
  /** One JSON file per simulated resource. */
  readonly cloud: string;
  /** Provider mirror that terraform may install from; empty with reattached providers. */
  readonly mirror: string;
  /** `TF_CLI_CONFIG_FILE`. */
  readonly terraformConfig: string;
  /** `AWS_CONFIG_FILE`: one profile per environment that names one. */
  readonly awsConfig: string;
  /** `AWS_SHARED_CREDENTIALS_FILE`: always empty. */
  readonly awsCredentials: string;
  /** Values of variables that a seed brought along. */
  readonly variables: string;
  /** Forks of this project's sandbox, one folder each. */
  readonly forks: string;
  /** Who runs: written by the daemon when it is ready, removed when it stops. */
  readonly record: string;
  /** What the control routes ask for; see `SandboxSecret`. */
  readonly secret: string;
  /** Stands while a reset is under way. */
  readonly emptying: string;
  /** Output of the daemon itself. */
  readonly log: string;
  /** One line of JSON per answered request. */
  readonly requests: string;
}

/** Paths of a sandbox's folder. */
export function layoutOf(dir: string): SandboxLayout {
  const at = (...parts: readonly string[]): string => path.join(path.resolve(dir), ...parts);
  return {
    s3: at('s3'),
    dynamodb: at('dynamodb'),
    cloud: at('cloud'),
    mirror: at('mirror'),
    terraformConfig: at('terraform.rc'),
    awsConfig: at('aws-config'),
    awsCredentials: at('aws-credentials'),
    variables: at('variables.json'),
    forks: at('forks'),
    record: at('daemon.json'),
    secret: at('secret'),
    emptying: at('emptying.json'),
    log: at('daemon.log'),
    requests: at('requests.ndjson'),
  };
}

/** What `sandbox reset` removes: everything that was built in the sandbox, not what the sandbox is. */
export function dataFolders(layout: SandboxLayout): readonly string[] {
  return [layout.s3, layout.dynamodb, layout.cloud, layout.variables, layout.requests, `${layout.requests}.1`];
}
