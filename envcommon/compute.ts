/** One share of the tasks: `base` of them first, then by weight. */
export interface CapacityShareSettings {
  readonly provider: 'FARGATE' | 'FARGATE_SPOT';
  readonly weight: number;
  readonly base?: number;
}

/** What a service in containers needs of any cloud. */
export interface ContainerNeeds {
  /** Units of CPU (1024 are one vCPU) and MiB; on Fargate a pair that it offers. */
  readonly size: { readonly cpu: number; readonly memory: number };
  /** How many run, and how many may at most where load adds some. */
  readonly tasks: { readonly min: number; readonly max: number };
}

/** What Fargate needs to know beside it. */
export interface ServiceNeeds extends ContainerNeeds {
  /** @default on demand only */
  readonly capacity?: readonly CapacityShareSettings[];
  /** Per cent of CPU the scaling keeps. @default 75 */
  readonly cpuTarget?: number;
  /** Per cent of memory the scaling keeps. @default 80 */
  readonly memoryTarget?: number;
  /** Share of the tasks that stay in service while a deployment runs. @default 50 */
  readonly minHealthyPercent?: number;
  /** @default 30 */
  readonly logDays?: number;
}

const onDemand: readonly CapacityShareSettings[] = [{ provider: 'FARGATE', weight: 1, base: 1 }];

/** The X-Ray daemon beside each application; its size is AWS's recommendation. */
const sidecar = { image: 'public.ecr.aws/xray/aws-xray-daemon:3.3.13', cpu: 32, memory: 256 };

/** How a service runs on Fargate. */
export function service(needs: ServiceNeeds) {
  return {
    size: needs.size,
    scaling: { ...needs.tasks, cpuTarget: needs.cpuTarget ?? 75, memoryTarget: needs.memoryTarget ?? 80 },
    capacity: needs.capacity ?? onDemand,
    minHealthyPercent: needs.minHealthyPercent ?? 50,
    logDays: needs.logDays ?? 30,
    sidecar,
  };
}

/** How a service runs on Docker Swarm, which scales nothing by itself: as many tasks as are always there, and the size as a limit. */
export function swarmService({ size, tasks }: ContainerNeeds) {
  return { replicas: tasks.min, limits: { cpus: (size.cpu / 1024).toFixed(2), memory: `${size.memory}M` } };
}

/** The health check inside a container that answers on `port`; over HTTPS with a certificate of its own making. */
export function containerHealth(port: number, path = '/health', scheme: 'http' | 'https' = 'http') {
  return {
    command: `curl -fsS${scheme === 'https' ? 'k' : ''} ${scheme}://localhost:${port}${path} || exit 1`,
    intervalSeconds: 30,
    timeoutSeconds: 5,
    retries: 3,
    startPeriodSeconds: 60,
  };
}

/** How many images of a service its repository keeps. */
export const keptImages = 30;
