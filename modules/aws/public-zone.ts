import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { expression } from 'terrace';

export interface PublicZoneProps {
  /** The zone's domain; whoever owns the one above delegates it to the zone's name servers. */
  readonly domain: string;
  /** Names in the zone beside the domain itself that the certificate holds. */
  readonly names: readonly string[];
  /** Terraform refuses to destroy the zone, and with it the delegation. */
  readonly protect: boolean;
}

/**
 * A public DNS zone and a certificate for its names, which ACM renews as long as the validation records stand. Its ARN is known once
 * ACM has seen the records: what needs it waits for that. Until the domain is delegated to the zone an apply waits in vain.
 */
export class PublicZone extends Construct {
  readonly zoneId: string;
  readonly nameServers: string[];
  readonly certificateArn: string;

  constructor(scope: Construct, id: string, { domain, names, protect }: PublicZoneProps) {
    super(scope, id);
    const zone = new Route53Zone(this, 'zone', {
      name: domain,
      comment: `names of ${domain}`,
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    const certificate = new AcmCertificate(this, 'certificate', {
      domainName: domain,
      subjectAlternativeNames: [...names],
      validationMethod: 'DNS',
      lifecycle: { createBeforeDestroy: true },
    });
    const records = [domain, ...names].map((name) => this.addValidation(name, zone.zoneId, certificate));
    const validation = new AcmCertificateValidation(this, 'validation', {
      certificateArn: certificate.arn,
      validationRecordFqdns: records.map(({ fqdn }) => fqdn),
    });
    this.zoneId = zone.zoneId;
    this.nameServers = zone.nameServers;
    this.certificateArn = validation.certificateArn;
  }

  // The set of options has no order: each name looks for its own.
  private addValidation(name: string, zoneId: string, certificate: AcmCertificate): Route53Record {
    const option = (field: string): string =>
      Token.asString(
        expression(
          `one([for option in ${certificate.fqn}.domain_validation_options : option.${field} if option.domain_name == "${name}"])`,
        ),
      );
    return new Route53Record(this, `validation-${name}`, {
      zoneId,
      name: option('resource_record_name'),
      type: option('resource_record_type'),
      records: [option('resource_record_value')],
      ttl: 300,
      allowOverwrite: true,
    });
  }
}

export interface AliasProps {
  readonly zoneId: string;
  readonly names: readonly string[];
  /** DNS name of the load balancer, and the zone that AWS keeps it in. */
  readonly target: { readonly dnsName: string; readonly zoneId: string };
}

/**
 * Names that lead to a load balancer; while it has no healthy target they are not answered. One without IPv6 answers no question for
 * AAAA: the record is there for the day it has.
 */
export class Aliases extends Construct {
  constructor(scope: Construct, id: string, { zoneId, names, target }: AliasProps) {
    super(scope, id);
    for (const name of names)
      for (const type of ['A', 'AAAA'])
        new Route53Record(this, `${type.toLowerCase()}-${name}`, {
          zoneId,
          name,
          type,
          alias: { name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: true },
        });
  }
}
