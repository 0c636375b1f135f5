import { planWith, policy } from 'terrace/policy';

/** Providers that may run in a plan, with the credentials it has; in lower case, as terraform compares sources and writes them into plans. */
const providers = new Set([
  'hashicorp/aws',
  'hashicorp/azurerm',
  'hashicorp/google',
  'hashicorp/kubernetes',
  'hashicorp/helm',
  'hashicorp/random',
  'hashicorp/tls',
  'hashicorp/time',
  'hashicorp/null',
  'hashicorp/archive',
  'hashicorp/local',
  'cloudflare/cloudflare',
  'hetznercloud/hcloud',
  'supabase/supabase',
  'upstash/upstash',
  'jianyuan/sentry',
  'betterstackhq/better-uptime',
  'pagerduty/pagerduty',
  'integrations/github',
  'builtin/terraform',
]);

/** Data sources that run a program or fetch an address while planning. */
const reaching = new Set(['external', 'http', 'shell_script']);

export default policy({
  id: 'trusted-code',
  severity: 'deny',
  explain:
    'A plan runs providers and data sources with credentials before anybody has approved it. Only known ones may run, and none that run programs from the change.',
  check: (plan) =>
    plan.units.flatMap((unit) => [
      ...[...new Set([...unit.providers, ...unit.changes.map(({ provider }) => provider)])]
        .filter((provider) => !providers.has(provider.toLowerCase()))
        .map((provider) => ({ message: `the provider ${provider} is not on the list`, unit: unit.path })),
      ...unit.changes.flatMap((change) => {
        const place = { unit: unit.path, address: change.address };
        return [
          ...(change.mode === 'data' && reaching.has(change.type)
            ? [{ message: `the data source ${change.type} reaches out while planning`, ...place }]
            : []),
          ...change.provisioners.map((type) => ({ message: `a ${type} provisioner runs a program at apply`, ...place })),
        ];
      }),
    ]),
  test: {
    holds: {
      'a known provider': planWith('olechka/dev/eu-central-1/network/vpc', 'aws_vpc.main', {}),
      'a known provider, whatever the case of its source': planWith(
        'astraler/production/global/monitoring/uptime',
        'betteruptime_monitor.site',
        {},
        { provider: 'BetterStackHQ/better-uptime' },
      ),
      'the same as a plan writes it': planWith(
        'astraler/production/global/monitoring/uptime',
        'betteruptime_monitor.site',
        {},
        { provider: 'betterstackhq/better-uptime' },
      ),
      'a harmless data source': planWith('olechka/dev/eu-central-1/network/vpc', 'data.aws_caller_identity.me', {}, { action: 'read' }),
    },
    refuses: {
      'a provider nobody knows': planWith('olechka/dev/eu-central-1/network/vpc', 'evil_thing.one', {}, { provider: 'someone/evil' }),
      'a program while planning': planWith(
        'olechka/dev/eu-central-1/network/vpc',
        'data.external.run',
        {},
        { action: 'read', provider: 'hashicorp/external' },
      ),
      'a provisioner': planWith('olechka/dev/eu-central-1/network/vpc', 'aws_instance.one', {}, { provisioners: ['local-exec'] }),
    },
  },
});
