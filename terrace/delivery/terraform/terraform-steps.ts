import { statfsSync } from 'node:fs';

import { awsError, awsNameIn } from '../../aws/aws-error';
import { messageOf } from '../../base/message';
import { isErrno } from '../../base/errno';
import type { Problem } from '../../base/errors';
import { TerraceError } from '../../base/errors';
import { digestMismatch } from '../../state/pull';
import { parseLockInfo, type LockInfo } from '../../state/lock/lock-info';
import type { TerraformResult } from '../../terraform/run';
import { failed, refused, type DeliveryCode } from '../problems';
import { secretsFrom, type Secrets } from '../masking/secrets';
import { maskedText } from '../masking/marker';

import { lockHeld } from '../record/states';
import { cannotWrite } from '../tree/write-files';

/** What was being done, for the error of a terraform that failed. */
export interface TerraformStep {
  readonly unit: string;
  /** `init`, `plan`, `show` or `apply`. */
  readonly name: string;
  /** Code where nothing more special fits. */
  readonly code: DeliveryCode;
  /** @default none */
  readonly secrets?: Secrets;
  /** Where the whole log is, for people. */
  readonly log: string;
  /** Folder that terraform works in. @default not looked at */
  readonly folder?: string;
}

const noSecrets = secretsFrom([]);

/** Raises the coded error of a terraform that did not end well; returns when it did. */
export function expectSuccess(result: TerraformResult, step: TerraformStep, accepted: readonly number[] = [0]): void {
  if (accepted.includes(result.exitCode) && !result.interrupted) return;
  throw stepError(result, step);
}

/** The coded error of a terraform that failed: lock held (4), stale (3), disk full, killed, interrupted, or its own words. */
export function stepError(result: TerraformResult, step: TerraformStep): TerraceError {
  const place = step.unit;
  const [errors, output] = [withoutColours(result.stderr), withoutColours(result.stdout)];
  const text = `${errors}\n${output}`;
  const secrets = step.secrets ?? noSecrets;
  if (result.interrupted)
    return failed('E6036', { place, found: `terraform ${step.name} was interrupted and ended cleanly`, todo: 'run the command again' });
  if (result.killedBy !== null)
    return failed('E6033', {
      place,
      found: `terraform ${step.name} was killed by ${result.killedBy}`,
      todo: 'its lock may still be held: terrace lock list; then plan again',
    });
  if (/state data in S3 does not have the expected\s+content/.test(text)) return mismatch(place, text);
  if (/Error acquiring the state lock/.test(text)) return lockError(text, step, secrets);
  if (/Saved plan is stale|saved plan .* stale|does not match the current state/i.test(text))
    return refused('E6007', { place, found: 'terraform says that the saved plan is stale', todo: 'plan again, and approve that plan' });
  if (/no space left on device|ENOSPC/i.test(text) || (text.trim() === '' && step.folder !== undefined && isFull(step.folder)))
    return step.name === 'apply'
      ? failed('E6060', {
          place,
          found: 'no space left on device while terraform applied',
          todo: 'free some space, then plan again: what was created before is in the state',
        })
      : cannotWrite(place, Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  return failed(step.code, {
    place,
    found: secrets.without(
      terraformErrors(errors) || terraformErrors(output) || `terraform ${step.name} ended with ${result.exitCode}`,
      maskedText,
    ),
    todo: `the whole log is in ${step.log}`,
  });
}

/** `state push` and the like colour what they say, terminal or not: the holder of a lock stands behind colours. */
function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(String.raw`\u001b\[[0-9;]*m`, 'g'), '');
}

/** Whether the disk that a folder is on has no room left: then what terraform had to say of it could not be written either. */
function isFull(folder: string): boolean {
  try {
    return statfsSync(folder).bavail === 0;
  } catch {
    return false;
  }
}

/** Terraform's advice is to write the digest by hand: Terrace does it, where what is stored is the right one. */
function mismatch(place: string, text: string): TerraceError {
  const checksum = (name: string): string => new RegExp(String.raw`${name} checksum:[ \t]*(\w+)`).exec(text)?.[1] ?? 'another one';
  return digestMismatch(place, `MD5 ${checksum('Calculated')} of what is stored`, `${checksum('Stored')}, which the last writer recorded`);
}

/** Held (4) only where the backend names a holder; else what AWS said, in its own code, or terraform's words. */
function lockError(text: string, step: TerraformStep, secrets: Secrets): TerraceError {
  const holder = lockInfoIn(text);
  if (holder !== undefined) return lockHeld(step.unit, holder);
  const words = secrets.without(terraformErrors(text) || 'terraform could not take the lock', maskedText);
  const cause = Object.assign(new Error(words), { name: awsNameIn(text) ?? '' });
  return awsError(cause, { place: step.unit, doing: 'take the lock', target: "the unit's backend", outcome: 'nothing was changed' });
}

/** The error boxes of terraform's output, without their frames; at most 40 lines. */
export function terraformErrors(text: string): string {
  const found: string[] = [];
  let inside = false;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^[│|]\s?/, '').trimEnd();
    if (/^\s*[╷╵]/.test(raw)) inside = false;
    else if (/^Error: /.test(line)) {
      inside = true;
      found.push(line);
    } else if (/^Warning: /.test(line)) inside = false;
    else if (inside && line !== '') found.push(line);
  }
  return found.slice(0, 40).join('\n');
}

/** The holder as terraform prints it. */
function lockInfoIn(text: string): LockInfo | undefined {
  const field = (name: string): string => new RegExp(String.raw`^[│|\s]*${name}:\s*(.*?)\s*$`, 'm').exec(text)?.[1] ?? '';
  if (field('ID') === '') return undefined;
  return parseLockInfo(
    JSON.stringify({
      ID: field('ID'),
      Operation: field('Operation'),
      Info: field('Info'),
      Who: field('Who'),
      Version: field('Version'),
      Created: field('Created').replace(/^(\S+) (\S+) \+0000 UTC$/, '$1T$2Z'),
      Path: field('Path'),
    }),
  );
}

/** The problems of an error; an unexpected one is named after the unit. */
export function problemsOf(error: unknown, unit: string): readonly Problem[] {
  if (error instanceof TerraceError) return error.problems;
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) return cannotWrite(unit, error).problems;
  return [
    {
      code: 'E0009',
      title: 'unexpected failure',
      place: unit,
      found: messageOf(error),
      todo: 'run again with --debug and report what it shows',
    },
  ];
}
