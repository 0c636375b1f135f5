import { readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';

import { at, astraTree, environments, named, resources, type AstraTree, type Json, type Resource } from './astra-tree';
import { apiObject, type ApiDefinitions } from './kubernetes-object';

const api: ApiDefinitions = JSON.parse(readFileSync(path.join(__dirname, 'kubernetes-1.31.json'), 'utf8'));
const validators = new Map<string, ValidateFunction>();

/** What the API would refuse of an object, as `place: why`. */
function problems({ type, body }: Resource): readonly string[] {
  const kind = api.kinds[type];
  if (kind === undefined) return [`no schema of ${type}`];
  const validate = validators.get(kind) ?? compiled(kind);
  validators.set(kind, validate);
  return validate(apiObject(body, { $ref: `#/definitions/${kind}` }, api))
    ? []
    : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`);
}

function compiled(kind: string): ValidateFunction {
  return new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile({
    $ref: `#/definitions/${kind}`,
    definitions: api.definitions,
  });
}

/** Every object of Kubernetes in an environment. */
function objects(tree: AstraTree, environment: (typeof environments)[number]): readonly Resource[] {
  const types = new Set(
    Object.values(tree.units).flatMap((json) => Object.keys(at<Json>(json, 'resource') ?? {}).filter((type) => /^kubernetes_/.test(type))),
  );
  return [...types].sort().flatMap((type) => resources(tree, environment, type));
}

let tree: AstraTree;
beforeAll(async () => {
  tree = await astraTree();
});

test.each(environments)('every object of %s is one by the API of Kubernetes 1.31', (environment) => {
  const all = objects(tree, environment);
  expect(all.length).toBeGreaterThan(25);
  expect(new Set(all.map(({ type }) => type)).size).toBeGreaterThan(9);
  for (const one of all) expect([one.unit, `${one.type}.${one.name}`, problems(one)]).toEqual([one.unit, `${one.type}.${one.name}`, []]);
});

test('every kind is made somewhere, from definitions of a named version', () => {
  const made = new Set(environments.flatMap((environment) => objects(tree, environment).map(({ type }) => type)));
  expect(Object.keys(api.kinds).filter((type) => !made.has(type))).toEqual([]);
  expect(api.source).toBe('kubernetes/kubernetes@v1.31.0, api/openapi-spec/swagger.json');
});

test('the conversion gives what the provider sends', () => {
  const service = named(tree, 'development', 'kubernetes_service_v1', 'frontend-svc');
  const object = apiObject(service?.body ?? {}, { $ref: '#/definitions/core.v1.Service' }, api);
  expect(object).toMatchObject({ metadata: { name: 'frontend-svc' }, spec: { type: 'LoadBalancer', ports: [{ port: 3000 }] } });
  const postgres = named(tree, 'staging', 'kubernetes_stateful_set_v1', 'postgres');
  const set = apiObject(postgres?.body ?? {}, { $ref: '#/definitions/apps.v1.StatefulSet' }, api);
  expect(set).toMatchObject({
    spec: {
      volumeClaimTemplates: [{ spec: { accessModes: ['ReadWriteOnce'] } }],
      template: { spec: { containers: [{ name: 'postgres' }], securityContext: { runAsUser: expect.any(Number) } } },
    },
  });
});

test.each([
  ['a field that the API does not have', 'kubernetes_service_v1', 'backend-svc', (body: Json) => (spec(body)['sesion_affinity'] = 'None')],
  ['a text for a number', 'kubernetes_service_v1', 'backend-svc', (body: Json) => (first(spec(body)['port'])['port'] = 'http')],
  ['a container without a name', 'kubernetes_deployment_v1', 'backend', (body: Json) => delete container(body)['name']],
  ['a probe in words', 'kubernetes_deployment_v1', 'frontend', (body: Json) => (container(body)['readiness_probe'] = 'GET /')],
  ['a policy without pods', 'kubernetes_network_policy_v1', 'backend-to-postgres', (body: Json) => delete spec(body)['pod_selector']],
])('%s is noticed', (_, type, name, change) => {
  const found = named(tree, 'staging', type, name);
  if (found === undefined) throw new Error(`nothing to change: ${name}`);
  const body = structuredClone(found.body);
  change(body);
  expect(problems(found)).toEqual([]);
  expect(problems({ ...found, body })).not.toEqual([]);
});

function first(value: unknown): Json {
  return (Array.isArray(value) ? value[0] : value) as Json;
}

function spec(body: Json): Json {
  return first(body['spec']);
}

function container(body: Json): Json {
  return first(first(first(spec(body)['template'])['spec'])['container']);
}
