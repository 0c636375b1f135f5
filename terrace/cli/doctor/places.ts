import { TerraceError } from '../../base/errors';
import { messageOf } from '../../base/message';
import { accountEnvironment } from '../../aws/credentials';
import { backendStatus } from '../../bootstrap/status';
import type { EnvironmentModel, Model } from '../../model/model';
import type { SandboxStatus } from '../../sandbox/control';
import { failedCheck, type Check } from './check';

/** Whether the sandbox of the project runs, with the code that asks. `build` is the digest of that code, undefined where nothing is compiled. */
export function sandboxCheck(status: SandboxStatus, inside: boolean, build: string | undefined): Check {
  const name = 'sandbox';
  const enter = 'enter it with: eval "$(npx --no terrace sandbox env)"';
  switch (status.state) {
    case 'absent':
      return { name, state: 'skipped', found: 'none yet', todo: enter };
    case 'stopped':
      return inside
        ? { name, state: 'failed', found: 'this shell is in a sandbox that does not run', todo: 'start it with: terrace sandbox start' }
        : { name, state: 'ok', found: 'stopped' };
    case 'stale':
      return { name, state: 'warning', found: 'its daemon died', todo: 'start it again with: terrace sandbox start' };
    case 'running':
      return status.daemon.build !== build && build !== undefined
        ? {
            name,
            state: 'warning',
            found: 'running code of another version',
            todo: 'restart it: terrace sandbox stop, then terrace sandbox start',
          }
        : { name, state: 'ok', found: `running as ${status.daemon.id}${inside ? ', and this shell is in it' : ''}` };
  }
}

/** Whether each environment's credentials reach its account and its backend stands there. */
export async function environmentChecks(model: Model, env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const places = model.systems.flatMap((system) => system.environments.map((environment) => ({ system: system.name, environment })));
  const checks = await Promise.all(places.map(({ system, environment }) => environmentCheck(model, system, environment, env)));
  return checks.flat();
}

async function environmentCheck(
  model: Model,
  system: string,
  environment: EnvironmentModel,
  env: NodeJS.ProcessEnv,
): Promise<readonly Check[]> {
  const place = `${system}/${environment.name}`;
  const owners = model.units.filter((unit) => unit.system === system && unit.environment === environment.name && unit.bootstrap);
  const region = model.units.find((unit) => unit.system === system && unit.environment === environment.name)?.backend.region;
  if (region === undefined) return [];
  let own: NodeJS.ProcessEnv;
  try {
    own = await accountEnvironment(
      { environment: place, account: environment.stateAccount, credentials: environment.credentials, region },
      env,
    );
  } catch (error) {
    return [failureOf(`credentials ${place}`, error)];
  }
  const credentials: Check = { name: `credentials ${place}`, state: 'ok', found: `account ${environment.stateAccount}` };
  return [credentials, ...(await Promise.all(owners.map((unit) => backendCheck(unit.path, place, () => backendStatus(unit, own)))))];
}

async function backendCheck(
  unit: string,
  place: string,
  status: () => Promise<{ readonly condition: string; readonly bucket: string; readonly states: number }>,
): Promise<Check> {
  const name = `backend ${unit}`;
  try {
    const { condition, bucket, states } = await status();
    if (condition === 'ready') return { name, state: 'ok', found: `${bucket}, ${states} states` };
    return { name, state: 'failed', found: `${bucket} is ${condition}`, todo: `make it with: terrace backend bootstrap ${place}` };
  } catch (error) {
    return failureOf(name, error);
  }
}

function failureOf(name: string, error: unknown): Check {
  const [problem] = error instanceof TerraceError ? error.problems : [];
  if (problem !== undefined) return failedCheck(name, problem);
  return { name, state: 'failed', found: messageOf(error), todo: 'run again with --debug' };
}
