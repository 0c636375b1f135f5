import type { CiCloud } from '../tree/ci-values';

/** Plain settings of a deployment environment that say as whom its jobs act in a cloud. None of them opens anything by itself. */
export const cloudSettings: Readonly<Record<CiCloud, readonly string[]>> = {
  azure: ['ARM_CLIENT_ID', 'ARM_SUBSCRIPTION_ID', 'ARM_TENANT_ID'],
  google: ['GOOGLE_IDENTITY_PROVIDER', 'GOOGLE_SERVICE_ACCOUNT'],
};

/** Azure's provider asks for the job's identity itself. */
const azure: readonly string[] = ['if [ -n "${ARM_CLIENT_ID:-}" ]; then export ARM_USE_OIDC=true; fi'];

/**
 * Google's libraries ask for the job's identity whenever they need it, by a file that says where; no token is in a plan. Clusters are
 * reached with gcloud's, by the name of the plugin that their source calls.
 */
const google: readonly string[] = [
  'if [ -n "${GOOGLE_IDENTITY_PROVIDER:-}" ]; then',
  '  mkdir -p "$CI_TEMP/keys"',
  '  jq --null-input --arg audience "//iam.googleapis.com/$GOOGLE_IDENTITY_PROVIDER" --arg account "$GOOGLE_SERVICE_ACCOUNT" \\',
  '    --slurpfile source <(identity_source "https://iam.googleapis.com/$GOOGLE_IDENTITY_PROVIDER") \'{',
  '      type: "external_account", audience: $audience, subject_token_type: "urn:ietf:params:oauth:token-type:jwt",',
  '      token_url: "https://sts.googleapis.com/v1/token", credential_source: $source[0],',
  '      service_account_impersonation_url: "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/\\($account):generateAccessToken"',
  '    }\' > "$CI_TEMP/keys/google.json"',
  '  export GOOGLE_CREDENTIALS="$CI_TEMP/keys/google.json" GOOGLE_APPLICATION_CREDENTIALS="$CI_TEMP/keys/google.json" CLOUDSDK_CONFIG="$CI_TEMP/keys/gcloud"',
  '  gcloud auth login --quiet --cred-file="$GOOGLE_APPLICATION_CREDENTIALS"',
  '  if ! command -v gke-gcloud-auth-plugin > /dev/null; then',
  '    printf "#!/bin/sh\\ngcloud config config-helper --format=json | jq \'%s\'\\n" \\',
  '      \'{apiVersion: "client.authentication.k8s.io/v1beta1", kind: "ExecCredential", status: {token: .credential.access_token, expirationTimestamp: .credential.token_expiry}}\' > judge/gke-gcloud-auth-plugin',
  '    chmod u+x judge/gke-gcloud-auth-plugin',
  '  fi',
  'fi',
];

const lines: Readonly<Record<CiCloud, readonly string[]>> = { azure, google };

/** Signs a step in to clouds beside AWS, where the deployment environment says as whom. */
export const signIn = (clouds: readonly CiCloud[]): readonly string[] => clouds.flatMap((cloud) => lines[cloud]);
