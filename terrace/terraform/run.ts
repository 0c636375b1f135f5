import { spawn } from 'node:child_process';
import { closeSync, createWriteStream, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';

import { TerraceError } from '../base/errors';
import { messageOf } from '../base/message';

import type { TerraformBinary } from './binary';

/** One terraform process to run. */
export interface TerraformRun {
  readonly cwd: string;
  readonly args: readonly string[];
  /** The whole environment of the process; nothing is taken from Terrace's own. Its home is `.home` in `cwd`: a user's own files are not read. */
  readonly env: NodeJS.ProcessEnv;
  /** File to which both streams are appended as they come; its folder is made, its mode is 0600. @default none */
  readonly log?: string;
  /**
   * Private folder in which terraform writes its output to files, so that it runs to its end and writes its state where Terrace is killed:
   * a closed pipe would take it down. Its process id stands in `terraform.json` there. @default pipes
   */
  readonly outlives?: string;
  /** Called for each whole line, without its line break. @default none */
  onLine?(line: string, stream: 'stdout' | 'stderr'): void;
  /** When it aborts, terraform gets one SIGINT and is waited for: it finishes the operation in flight, writes its state and releases its lock. @default none */
  readonly signal?: AbortSignal;
}

export interface TerraformResult {
  /** 128 + n when it was killed by signal n. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Wall-clock seconds. */
  readonly seconds: number;
  /** True when `signal` aborted while it ran (or before it started: then nothing was run). */
  readonly interrupted: boolean;
  /** Signal that ended it, null when it ended by itself. */
  readonly killedBy: NodeJS.Signals | null;
  /** Why the log is not complete, undefined when it is: a full disk must not stop an apply half-way. */
  readonly logError?: Error;
}

/** Beside the output of a terraform that may outlive Terrace: its process id. */
export const processFile = 'terraform.json';

const signalNumbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

/**
 * Runs terraform with stdin closed, in a process group of its own: a Ctrl-C at the terminal would otherwise reach terraform twice
 * (from the terminal and from Terrace), and at the second it exits at once and leaves its lock behind.
 * Resolves whatever the exit code is; raises E8004 when the process cannot be started.
 */
export function runTerraform(binary: TerraformBinary, run: TerraformRun): Promise<TerraformResult> {
  if (run.signal?.aborted === true)
    return Promise.resolve({ exitCode: 130, stdout: '', stderr: '', seconds: 0, interrupted: true, killedBy: null });
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const files = run.outlives === undefined ? undefined : outputFiles(run.outlives);
    const child = spawn(binary.path, run.args, {
      cwd: run.cwd,
      env: { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_INPUT: '0', ...run.env, HOME: path.join(run.cwd, '.home') },
      stdio: ['ignore', files?.stdout.descriptor ?? 'pipe', files?.stderr.descriptor ?? 'pipe'],
      detached: process.platform !== 'win32',
    });
    files?.began(child.pid);
    const log = run.log === undefined ? undefined : openLog(run.log);
    const streams = { stdout: lines(run, 'stdout', log), stderr: lines(run, 'stderr', log) };
    child.stdout?.on('data', (chunk: Buffer) => streams.stdout.add(chunk));
    child.stderr?.on('data', (chunk: Buffer) => streams.stderr.add(chunk));

    let interrupted = false;
    const interrupt = (): void => {
      interrupted = true;
      child.kill('SIGINT');
    };
    run.signal?.addEventListener('abort', interrupt, { once: true });

    child.on('error', (error) => {
      run.signal?.removeEventListener('abort', interrupt);
      void log?.close();
      reject(notStarted(binary, run, error));
    });
    child.on('close', (code, killedBy) => {
      run.signal?.removeEventListener('abort', interrupt);
      if (files !== undefined) for (const name of ['stdout', 'stderr'] as const) streams[name].add(files[name].read());
      const finish = (logError?: Error): void =>
        resolve({
          exitCode: code ?? 128 + ((killedBy === null ? undefined : signalNumbers[killedBy]) ?? 0),
          stdout: streams.stdout.end(),
          stderr: streams.stderr.end(),
          seconds: Number(process.hrtime.bigint() - started) / 1e9,
          interrupted,
          killedBy,
          ...(logError === undefined ? {} : { logError }),
        });
      if (log === undefined) finish();
      else void log.close().then(finish);
    });
  });
}

interface OutputFile {
  readonly descriptor: number;
  /** Everything that was written; closes the file. */
  read(): Buffer;
}

/** Files for both streams in a folder, for their owner only, and what tells which process writes them. */
function outputFiles(folder: string): { readonly stdout: OutputFile; readonly stderr: OutputFile; began(pid: number | undefined): void } {
  const file = (name: string): OutputFile => {
    const place = path.join(folder, name);
    const descriptor = openSync(place, 'w', 0o600);
    return {
      descriptor,
      read: () => {
        closeSync(descriptor);
        return readFileSync(place);
      },
    };
  };
  return {
    stdout: file('terraform.out'),
    stderr: file('terraform.err'),
    began: (pid) => writeFileSync(path.join(folder, processFile), JSON.stringify({ pid }), { mode: 0o600 }),
  };
}

interface Log {
  write(chunk: Buffer): void;
  close(): Promise<Error | undefined>;
}

function openLog(file: string): Log {
  let failure: Error | undefined;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  const stream = failure === undefined ? createWriteStream(file, { flags: 'a', mode: 0o600 }) : undefined;
  stream?.on('error', (error) => {
    failure ??= error;
  });
  return {
    write: (chunk) => {
      if (failure === undefined) stream?.write(chunk);
    },
    close: () =>
      new Promise((resolve) => {
        if (stream === undefined || failure !== undefined) {
          stream?.destroy();
          resolve(failure);
        } else {
          stream.once('close', () => resolve(failure));
          stream.end();
        }
      }),
  };
}

function lines(run: TerraformRun, name: 'stdout' | 'stderr', log: Log | undefined): { add(chunk: Buffer): void; end(): string } {
  const decoder = new StringDecoder('utf8');
  const chunks: string[] = [];
  let rest = '';
  const emit = (text: string): void => {
    if (run.onLine === undefined) return;
    const found = (rest + text).split('\n');
    rest = found.pop() ?? '';
    for (const line of found) run.onLine(line.endsWith('\r') ? line.slice(0, -1) : line, name);
  };
  return {
    add: (chunk) => {
      log?.write(chunk);
      const text = decoder.write(chunk);
      chunks.push(text);
      emit(text);
    },
    end: () => {
      const last = decoder.end();
      chunks.push(last);
      emit(last);
      if (rest !== '') run.onLine?.(rest, name);
      rest = '';
      return chunks.join('');
    },
  };
}

function notStarted(binary: TerraformBinary, run: TerraformRun, error: Error): TerraceError {
  const reason = messageOf(error, binary.path);
  return new TerraceError(
    {
      code: 'E8004',
      title: 'terraform not started',
      place: run.cwd,
      found: `${binary.path}: ${reason}`,
      todo: 'check that the folder and the program exist and that you may use them',
    },
    1,
    { cause: error },
  );
}
