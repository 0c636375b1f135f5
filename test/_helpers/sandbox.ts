import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Sandbox, startSandbox, stopSandbox } from '../../terrace/sandbox/control';

/** A sandbox of a test's own, in a temporary folder, with its own daemon. */
export interface TestSandbox extends Sandbox {
  /** `process.env` with the sandbox's variables over it; what they blank is absent. */
  env(options?: Parameters<Sandbox['environment']>[0]): NodeJS.ProcessEnv;
  /** Stops the daemon and removes the folder. */
  dispose(): Promise<void>;
}

/** Starts a sandbox of its own; call `dispose` in `afterAll`. */
export async function testSandbox(): Promise<TestSandbox> {
  const dir = temporaryFolder('terrace-sandbox-');
  const sandbox = await startSandbox({ dir });
  return {
    ...sandbox,
    env: (options) => merged(process.env, sandbox.environment(options)),
    dispose: async () => {
      if (existsSync(dir)) await stopSandbox(dir);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Environment variables over others; an empty value removes. */
export function merged(base: NodeJS.ProcessEnv, over: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries({ ...base, ...over }).filter(([name, value]) => value !== undefined && over[name] !== ''));
}

/** A folder that nobody else uses. */
export function temporaryFolder(prefix: string): string {
  return mkdtempSync(path.join(tmpdir(), prefix));
}
