/** What of a system can be asked for. */
export type ExposedPart = 'frontend' | 'backend' | 'postgres';

/** Who reaches a part: everybody through a load balancer of its own, everybody through the ingress, or the cluster alone. */
export type Exposure = 'load-balancer' | 'ingress' | 'cluster-ip';

export type ExposureOf = Readonly<Record<ExposedPart, Exposure>>;

/**
 * Who is reachable from outside, in each environment: the most that is allowed there. Development opens everything for integration and
 * debugging, staging the frontend for limited testing, production the frontend behind the ingress.
 */
export const exposureMatrix = {
  development: { frontend: 'load-balancer', backend: 'load-balancer', postgres: 'load-balancer' },
  staging: { frontend: 'load-balancer', backend: 'cluster-ip', postgres: 'cluster-ip' },
  production: { frontend: 'ingress', backend: 'cluster-ip', postgres: 'cluster-ip' },
} as const satisfies Readonly<Record<string, ExposureOf>>;

/** The environments that the matrix has a row for. */
export type ExposureStage = keyof typeof exposureMatrix;

/** The parts of an environment that are opened further than the matrix allows; an environment may always close what the matrix opens. */
export function tooExposed(
  stage: ExposureStage,
  exposure: ExposureOf,
): readonly { readonly part: ExposedPart; readonly allowed: Exposure }[] {
  return (['frontend', 'backend', 'postgres'] as const).flatMap((part) => {
    const allowed: Exposure = exposureMatrix[stage][part];
    return exposure[part] === allowed || exposure[part] === 'cluster-ip' ? [] : [{ part, allowed }];
  });
}
