import { Construct } from 'constructs';

import { AuthenticatedOriginPulls } from '@cdktf/provider-cloudflare/lib/authenticated-origin-pulls';
import { OriginCaCertificate } from '@cdktf/provider-cloudflare/lib/origin-ca-certificate';

export interface OriginLockOptions {
  readonly zoneId: string;
  readonly hostname: string;
  /** PEM of the origin's certificate request; its private key never leaves the origin. */
  readonly certificateRequest: string;
  /** Id of the client certificate that Cloudflare shows to this origin, uploaded for this hostname; the origin trusts its issuer only. */
  readonly clientCertificateId: string;
  /** Days. @default 365 */
  readonly validity?: 90 | 365 | 730 | 1095 | 5475;
}

/**
 * Ties a hostname and its origin to each other: the origin holds a certificate of Cloudflare's origin CA, which strict TLS accepts, and
 * Cloudflare shows a client certificate of the hostname's own, without which the origin closes the connection. A stranger who
 * learns the origin's address, with or without a Cloudflare account, gets no answer.
 */
export class OriginLock extends Construct {
  readonly certificate: OriginCaCertificate;

  constructor(
    scope: Construct,
    id: string,
    { zoneId, hostname, certificateRequest, clientCertificateId, validity = 365 }: OriginLockOptions,
  ) {
    super(scope, id);
    this.certificate = new OriginCaCertificate(this, 'certificate', {
      csr: certificateRequest,
      hostnames: [hostname],
      requestType: 'origin-rsa',
      requestedValidity: validity,
      lifecycle: { createBeforeDestroy: true },
    });
    new AuthenticatedOriginPulls(this, 'pulls', { zoneId, config: [{ hostname, certId: clientCertificateId, enabled: true }] });
  }
}
