import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll } from '@jest/globals';

import { projectRoot } from './project-root';
import { withVariables } from '../../terrace/sandbox/environment/with-variables';
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
  const sandbox = await startSandbox({ dir, project: projectRoot });
  return {
    ...sandbox,
    env: (options) => withVariables(process.env, sandbox.environment(options)),
    dispose: async () => {
      if (existsSync(dir)) await stopSandbox(dir);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A folder that nobody else uses. */
export function temporaryFolder(prefix: string): string {
  return mkdtempSync(path.join(tmpdir(), prefix));
}

/** Makes folders for sandboxes that a test starts itself; after the tests of the file they are stopped and removed. */
export function sandboxFolders(prefix: string): () => string {
  const folders: string[] = [];
  afterAll(async () => {
    for (const folder of folders) {
      await stopSandbox(folder).catch(() => false);
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return () => {
    const folder = temporaryFolder(prefix);
    folders.push(folder);
    return folder;
  };
}

/** What all of a sandbox's variables say together, for tests that run no sandbox. */
export const sandboxShell = {
  TERRACE_SANDBOX: 'abc',
  AWS_ACCESS_KEY_ID: 'SANDBOX123456789012',
  AWS_ENDPOINT_URL_S3: 'http://s3.sandbox',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:20000',
  AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:20000',
  HTTP_PROXY: 'http://127.0.0.1:20000',
} as const;
