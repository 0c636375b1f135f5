import { WorkersRoute } from '@cdktf/provider-cloudflare/lib/workers-route';
import { TerraformVariable } from 'cdktf';
import { declareOutputs, refuse } from 'terrace';

import { hostnameProblems } from '../../../../modules/cloudflare/edge-application';
import { AdminAllowlist, EdgeCache } from '../../../../modules/cloudflare/edge-rules';
import { RateLimits } from '../../../../modules/cloudflare/rate-limits';
import { WorkerHost } from '../../../../modules/cloudflare/worker-host';
import { ZoneProtection } from '../../../../modules/cloudflare/zone-protection';
import { AstralerUnit, AstralerEnvironment, type AstralerRegion } from '../../astraler-unit';
import { zoneName } from '../../root';
import { forHosts, forPath } from '../../topology/hosts';
import { limitsOf } from '../../topology/limits';
import { zoneUnitOf } from '../../zone-owner';
import { WorkersUnit } from './workers';

const outputs = declareOutputs({});

/** Seconds that the CDN keeps a static file: its name changes with its content. */
const staticSeconds = 86_400;

/**
 * What protects the zone, for every environment at once, because a zone has one set of rules in each phase: managed WAF, DDoS rules, rate limits,
 * the administrators' addresses, the cache. The administration's own name is here too: production alone has one.
 */
export class WafUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    const { zoneId } = this.dependency(zoneUnitOf(region));
    const { apiName } = this.dependency(region.unit(WorkersUnit));
    const { adminHostname, rateLimits, zonePlan } = this.root;
    refuse(hostnameProblems(adminHostname, zoneName));
    const { environments } = region.environment.system;
    const hostnames = environments.flatMap((one) => (one instanceof AstralerEnvironment ? [one.values.hostname] : []));
    const hosts = forHosts([...hostnames, adminHostname].toSorted());
    new ZoneProtection(this, 'zone', { zoneId });
    new RateLimits(this, 'rate-limits', { zoneId, plan: zonePlan, limits: limitsOf(rateLimits, hosts) });
    new AdminAllowlist(this, 'administration', {
      accountId,
      zoneId,
      name: 'astraler_administrators',
      requests: `http.host eq "${adminHostname}" or (${hosts} and (${forPath('/admin')} or ${forPath('/api/admin')}))`,
      addresses: `var.${addressesVariable(this)}`,
    });
    new EdgeCache(this, 'cache', {
      zoneId,
      always: `${hosts} and ${forPath('/static/')}`,
      never: `${hosts} and not ${forPath('/static/')}`,
      seconds: staticSeconds,
    });
    new WorkerHost(this, 'administration-host', { zoneId, name: adminHostname, comment: 'production administration' });
    new WorkersRoute(this, 'administration-route', { zoneId, pattern: `${adminHostname}/*`, script: apiName });
  }
}

/** The addresses that may reach the administration. Terraform refuses an empty list and everybody. */
function addressesVariable(unit: WafUnit): string {
  const name = 'admin_cidrs';
  const variable = new TerraformVariable(unit, name, {
    type: 'list(string)',
    description: 'IPv4 or IPv6 CIDRs that may reach the admin area',
    validation: [
      {
        condition: `\${length(var.${name}) > 0 && alltrue([for cidr in var.${name} : can(cidrhost(cidr, 0))])}`,
        errorMessage: 'Give at least one CIDR, such as 203.0.113.7/32.',
      },
      {
        condition: `\${alltrue([for cidr in var.${name} : try(tonumber(split("/", cidr)[1]), 0) >= (strcontains(cidr, ":") ? 16 : 8)])}`,
        errorMessage: "The admin area must not be open to half the internet: list the administrators' networks.",
      },
    ],
  });
  variable.overrideLogicalId(name);
  return name;
}
