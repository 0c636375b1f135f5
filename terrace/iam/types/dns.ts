import { anything, inAccount, read, write, type AccessTable, type Resources } from '../access';

// Zones have no account in their ARN and no name of one's own: the id is AWS's.
const zones: Resources = () => ['arn:aws:route53:::hostedzone/*'];
const changes: Resources = () => ['arn:aws:route53:::change/*'];
const certificates = inAccount('acm', 'certificate/*');

/** Names and their certificates. */
export const dns: AccessTable = {
  aws_route53_zone: [
    read(zones, 'route53:GetHostedZone route53:ListResourceRecordSets route53:ListTagsForResource route53:GetDNSSEC'),
    read(changes, 'route53:GetChange'),
    // A zone has no id before it exists.
    write(anything, 'route53:CreateHostedZone'),
    write(zones, 'route53:ChangeResourceRecordSets route53:ChangeTagsForResource route53:DeleteHostedZone route53:UpdateHostedZoneComment'),
  ],
  aws_route53_record: [
    read(zones, 'route53:GetHostedZone route53:ListResourceRecordSets'),
    read(changes, 'route53:GetChange'),
    write(zones, 'route53:ChangeResourceRecordSets'),
  ],
  aws_acm_certificate: [
    read(certificates, 'acm:DescribeCertificate acm:GetCertificate acm:ListTagsForCertificate'),
    // A certificate has no id before it exists.
    write(anything, 'acm:RequestCertificate'),
    write(certificates, 'acm:AddTagsToCertificate acm:DeleteCertificate acm:RemoveTagsFromCertificate acm:UpdateCertificateOptions'),
  ],
  aws_acm_certificate_validation: [read(certificates, 'acm:DescribeCertificate')],
};
