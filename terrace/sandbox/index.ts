/** The sandbox, for tests: S3, DynamoDB, STS and providers on this machine, for the real terraform to run against. */
export {
  resetSandbox,
  runningSandbox,
  sandboxStatus,
  startSandbox,
  stopSandbox,
  type EnvironmentOptions,
  type Sandbox,
  type SandboxStatus,
  type StartOptions,
} from './control';
export { createFork, endFork, listForks, type Fork, type ForkOptions } from './forks';
export { withVariables } from './environment/with-variables';
