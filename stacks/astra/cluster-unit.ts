import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { TerraformVariable } from 'cdktf';
import type { Outputs } from 'terrace';

import { AstraUnit } from './astra-unit';
import { GkeUnit } from './units/cluster/gke';

/** How a provider reaches a cluster. */
interface ClusterAccess {
  readonly host: string;
  readonly clusterCaCertificate: string;
  readonly token?: string;
  readonly exec?: { readonly apiVersion: string; readonly command: string; readonly args: string[] };
}

/**
 * Google's plugin gets a token of the shell's account whenever one is needed. A token of a data source would be read when the plan is made,
 * and be dead by the time that a reviewed plan is applied.
 */
const gkePlugin = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'gke-gcloud-auth-plugin', args: [] };

/** A unit whose resources are in the environment's cluster. */
export abstract class ClusterUnit<O extends Outputs = Outputs> extends AstraUnit<O> {
  /** Works in the environment's cluster; with `helm`, by charts as well. */
  protected useCluster({ helm }: { readonly helm: boolean }): void {
    const access = this.environment.cluster === 'existing' ? this.existingCluster() : this.ownCluster();
    const { exec, ...address } = access;
    new KubernetesProvider(this, 'kubernetes', { ...address, ...(exec === undefined ? {} : { exec: [exec] }) });
    if (helm) new HelmProvider(this, 'helm', { kubernetes: access });
  }

  /** The cluster that the unit `cluster/gke` makes. */
  private ownCluster(): ClusterAccess {
    const { endpoint, authority } = this.dependency(this.region.unit(GkeUnit));
    return { host: endpoint, clusterCaCertificate: authority, exec: gkePlugin };
  }

  /** A cluster that is there. Its variables have the environment's name, so that one shell cannot point two environments at one cluster. */
  private existingCluster(): ClusterAccess {
    const { environment } = this.environment;
    const secret = (name: string, description: string): string => {
      const variable = new TerraformVariable(this, `${name}_${environment}`, {
        type: 'string',
        sensitive: true,
        description: `${description} of the ${environment} cluster`,
      });
      variable.overrideLogicalId(`${name}_${environment}`);
      return variable.stringValue;
    };
    return {
      host: secret('cluster_endpoint', 'HTTPS URL of the API server'),
      clusterCaCertificate: secret('cluster_ca', 'CA certificate, as PEM,'),
      token: secret('cluster_token', 'Access token of an account'),
    };
  }
}
