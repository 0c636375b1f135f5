import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { newSigningKey, privateKeyFrom, type SigningKey } from './keys';
import type { ApprovalPolicy } from './approval-rules';
import { createPublicKey } from 'node:crypto';

import { keyId } from './keys';

import { exitCodes } from '../../base/errors';
import { failed } from '../problems';
import { newAgeKey, readIdentities, recipientOf, type AgeKey } from '../bundle/age';

/** Keys of a sandbox: bundles are encrypted and approved there as anywhere, by keys that are worth nothing elsewhere. */
export interface SandboxKeys {
  readonly age: AgeKey;
  readonly signing: SigningKey;
  /** Satisfied by the sandbox's own key. */
  readonly policy: ApprovalPolicy;
}

const identity = 'sandbox';

/** Reads the keys below the folder of the sandbox that the variables are of; makes them at the first time. Raises E6031 without one. */
export async function sandboxKeys(env: NodeJS.ProcessEnv): Promise<SandboxKeys> {
  const folder = path.join(folderOf(env), 'keys');
  const [ageFile, signingFile] = [path.join(folder, 'age.txt'), path.join(folder, 'signing.pem')];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(ageFile)) {
    const { identity: secret, recipient } = await newAgeKey();
    writeNew(ageFile, `# public key: ${recipient}\n${secret}\n`);
  }
  if (!existsSync(signingFile)) writeNew(signingFile, newSigningKey().privatePem);
  const [secret = ''] = readIdentities(ageFile);
  const privatePem = readFileSync(signingFile, 'utf8');
  const publicKey = createPublicKey(privateKeyFrom(privatePem, signingFile));
  const signing = { privatePem, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), id: keyId(publicKey) };
  return { age: { identity: secret, recipient: await recipientOf(secret) }, signing, policy: sandboxPolicy(signing.publicPem) };
}

function folderOf(env: NodeJS.ProcessEnv): string {
  const folder = env['TERRACE_SANDBOX_DIR'];
  if (folder) return folder;
  throw failed(
    'E6069',
    { found: 'TERRACE_SANDBOX_DIR is not set', todo: 'enter the sandbox again: eval "$(npx --no terrace sandbox env)"' },
    exitCodes.wrongUsage,
  );
}

/** What is asked for in the sandbox: the sandbox's own yes. */
function sandboxPolicy(publicKey: string): ApprovalPolicy {
  return {
    version: 1,
    keys: [{ identity, publicKey }],
    environments: { '*': { approvals: 1, approvers: [identity], ownChange: true, autoApprove: true } },
  };
}

/** Two commands may make the keys at once: the first one's stay. */
function writeNew(file: string, content: string): void {
  try {
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
