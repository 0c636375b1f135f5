import { TerraceError } from '../errors';
import { askDaemon, type DaemonStatus } from './daemon-record';
import { readSettings } from './settings';

/**
 * The sandbox that a process is in: its variables name it and its daemon answers. Everything simulated asks this before it serves, so
 * that a fake which has strayed into a real folder does nothing. Raises E5010 outside a sandbox, E5011 in one that does not run.
 */
export async function requireSandbox(env: Readonly<NodeJS.ProcessEnv>): Promise<DaemonStatus> {
  const { TERRACE_SANDBOX: id, TERRACE_SANDBOX_DIR: dir } = env;
  if (!id || !dir) throw outside('TERRACE_SANDBOX and TERRACE_SANDBOX_DIR are not set');
  const settings = readSettings(dir);
  if (settings?.id !== id) throw outside(`${dir} does not hold the sandbox ${id}`);
  const daemon = await askDaemon(settings.port);
  if (daemon?.id === id) return daemon;
  throw new TerraceError({
    code: 'E5011',
    title: 'sandbox gone',
    place: dir,
    found: `sandbox ${id} does not answer on 127.0.0.1:${settings.port}`,
    todo: 'start it again: npx terrace sandbox start; or leave it: eval "$(npx terrace sandbox env --unset)"',
  });
}

function outside(found: string): TerraceError {
  return new TerraceError({
    code: 'E5010',
    title: 'simulated provider outside the sandbox',
    found,
    expected: 'a shell that has evaluated `terrace sandbox env`',
    todo: 'this program only pretends to be a provider; remove .terraform and run terraform init, which installs the real one',
  });
}
