import { planWith, policy, type PolicyPlan } from 'terrace/policy';

/** Arguments that sign a provider in. */
const secrets =
  /(?:^|[._])(?:token|password|secret|client_key|private_key|secret_key|access_key|api_key|api_token|credentials|client_secret)$/;

export default policy({
  id: 'provider-tokens',
  severity: 'deny',
  explain:
    'A token from a data source is read when the plan is made, is stored in it, and has expired by the time that the reviewed plan is applied. Let the provider get its own: an exec plugin (gke-gcloud-auth-plugin, aws eks get-token) or the credentials of the shell.',
  check: (plan) =>
    plan.units.flatMap(({ path, providerArguments }) =>
      providerArguments
        .filter(({ argument, references }) => secrets.test(argument) && references.some((one) => /(?:^|\.)data\./.test(one)))
        .map(({ provider, argument, references }) => ({
          message: `${argument} of ${provider} is read from ${references.join(', ')}`,
          unit: path,
        })),
    ),
  test: {
    holds: {
      'an address from the state of the cluster': configured('host', ['data.terraform_remote_state.cluster_gke.outputs.endpoint']),
      'a token that the shell gives': configured('token', ['var.cluster_token']),
      'a plugin, and no argument at all': planWith('astra/staging/europe-west1/apps/backend', 'kubernetes_secret_v1.one', {}),
    },
    refuses: {
      'the token of the shell at plan time': configured('token', ['data.google_client_config.me.access_token']),
      'the token in a block': configured('kubernetes.token', ['data.aws_eks_cluster_auth.main.token']),
      'a password from another state': configured('password', ['data.terraform_remote_state.database.outputs.password']),
    },
  },
});

/** A unit whose provider is given this argument by a reference. */
function configured(argument: string, references: readonly string[]): PolicyPlan {
  const { units } = planWith('astra/staging/europe-west1/apps/backend', 'kubernetes_secret_v1.one', {});
  return { units: units.map((unit) => ({ ...unit, providerArguments: [{ provider: 'hashicorp/kubernetes', argument, references }] })) };
}
