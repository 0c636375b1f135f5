import { TerraformVariable } from 'cdktf';

import { administratorsVariable } from './topology/traffic';
import type { TuxUnit } from './tux-unit';

/**
 * The networks that may log in to the bastion. Terraform refuses an empty list and what is no CIDR; in production also a network
 * wider than /8 (IPv6: /16), so that nobody opens the bastion to everybody.
 */
export function administrators(unit: TuxUnit): TerraformVariable {
  const reference = `var.${administratorsVariable}`;
  const variable = new TerraformVariable(unit, administratorsVariable, {
    type: 'list(string)',
    description: 'IPv4 or IPv6 CIDRs that may connect to the bastion by SSH',
    validation: [
      {
        condition: `\${length(${reference}) > 0 && alltrue([for cidr in ${reference} : can(cidrhost(cidr, 0))])}`,
        errorMessage: 'Give at least one CIDR, such as 203.0.113.7/32.',
      },
      ...(unit.environment.environment === 'production'
        ? [
            {
              condition: `\${alltrue([for cidr in ${reference} : tonumber(split("/", cidr)[1]) >= (strcontains(cidr, ":") ? 16 : 8)])}`,
              errorMessage: "In production, SSH must not be open to half the internet: list the administrators' networks.",
            },
          ]
        : []),
    ],
  });
  variable.overrideLogicalId(administratorsVariable);
  return variable;
}
