import { awsExposureCases } from './aws-exposure';
import { awsIamCases } from './aws-iam';
import { awsProtectionCases } from './aws-protection';
import { awsStatefulCases } from './aws-stateful';
import { azureMachineCases } from './azure-machines';
import { azureCases, cloudflareCases, hetznerCases, tokenCases } from './clouds';
import { googleCases, kubernetesCases, serverlessCases } from './clusters-and-services';
import { edgeCases } from './edge-routes';
import type { RuleCase } from './rule-case';

/** Every case, by the folder in which a real terraform plans them together. */
export const ruleCases: Readonly<Record<string, readonly RuleCase[]>> = {
  aws: [...awsStatefulCases, ...awsExposureCases, ...awsIamCases, ...awsProtectionCases],
  azure: [...azureCases, ...azureMachineCases],
  cloudflare: [...cloudflareCases, ...edgeCases, ...tokenCases],
  hetzner: hetznerCases,
  kubernetes: kubernetesCases,
  serverless: serverlessCases,
  google: googleCases,
};
