import { Release } from '@cdktf/provider-helm/lib/release';
import { Construct } from 'constructs';

export interface ChartOptions {
  /** Name of the release. */
  readonly name: string;
  readonly namespace: string;
  readonly repository: string;
  readonly chart: string;
  /** Exact version. */
  readonly version: string;
  /** Values as the chart's `values.yaml` names them. No secret: name one that exists. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Seconds that Helm waits for its workloads. @default 600 */
  readonly timeout?: number;
}

/** A Helm release of a pinned chart. A release that fails is taken back whole; its values are JSON, which is YAML. */
export class Chart extends Construct {
  readonly release: Release;

  constructor(scope: Construct, id: string, { name, namespace, repository, chart, version, values, timeout = 600 }: ChartOptions) {
    super(scope, id);
    this.release = new Release(this, 'release', {
      name,
      namespace,
      repository,
      chart,
      version,
      values: [JSON.stringify(values, undefined, 2)],
      createNamespace: false,
      atomic: true,
      wait: true,
      timeout,
    });
  }
}
