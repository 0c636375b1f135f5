'use strict';
/**
 * Takes the kinds that systems use out of Kubernetes' own OpenAPI document and prints them as one JSON Schema, without descriptions, and
 * with no room for properties that the API does not know:
 * `node scripts/kubernetes-schema.js v1.31.0 <api/openapi-spec/swagger.json> >test/stacks/astra/kubernetes-1.31.json`.
 * The document is part of the Go module k8s.io/kubernetes (`go mod download -json k8s.io/kubernetes@v1.31.0` says where it lies).
 */
const fs = require('node:fs');

const kinds = {
  kubernetes_config_map_v1: 'core.v1.ConfigMap',
  kubernetes_cron_job_v1: 'batch.v1.CronJob',
  kubernetes_deployment_v1: 'apps.v1.Deployment',
  kubernetes_horizontal_pod_autoscaler_v2: 'autoscaling.v2.HorizontalPodAutoscaler',
  kubernetes_ingress_v1: 'networking.v1.Ingress',
  kubernetes_namespace_v1: 'core.v1.Namespace',
  kubernetes_network_policy_v1: 'networking.v1.NetworkPolicy',
  kubernetes_persistent_volume_claim_v1: 'core.v1.PersistentVolumeClaim',
  kubernetes_pod_disruption_budget_v1: 'policy.v1.PodDisruptionBudget',
  kubernetes_secret_v1: 'core.v1.Secret',
  kubernetes_service_account_v1: 'core.v1.ServiceAccount',
  kubernetes_service_v1: 'core.v1.Service',
  kubernetes_stateful_set_v1: 'apps.v1.StatefulSet',
};

const short = (name) => name.replace(/^io\.k8s\.(?:api|apimachinery\.pkg)\./, '');

/** A schema without what only people read; a reference keeps its short name. */
function bare(schema) {
  if (Array.isArray(schema)) return schema.map(bare);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([key, value]) => key === 'properties' || !(key.startsWith('x-') || (key === 'description' && typeof value === 'string')),
  );
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (key === '$ref') return [key, `#/definitions/${short(value.replace('#/definitions/', ''))}`];
      if (key === 'properties') return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, bare(one)]))];
      return [key, bare(value)];
    }),
  );
}

function main(version, file) {
  const all = Object.fromEntries(
    Object.entries(JSON.parse(fs.readFileSync(file, 'utf8')).definitions).map(([name, one]) => [short(name), one]),
  );
  const definitions = {};
  const waiting = Object.values(kinds);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (definitions[name] !== undefined) continue;
    const schema = bare(all[name]);
    definitions[name] = schema.properties === undefined ? schema : { ...schema, additionalProperties: false };
    for (const [, used] of JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)) waiting.push(used);
  }
  const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
  const lines = Object.entries(sorted).map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`);
  process.stdout.write(
    `{"source":${JSON.stringify(`kubernetes/kubernetes@${version}, api/openapi-spec/swagger.json`)},\n"kinds":${JSON.stringify(kinds)},\n"definitions":{\n${lines.join(',\n')}\n}}\n`,
  );
}

main(process.argv[2], process.argv[3]);
