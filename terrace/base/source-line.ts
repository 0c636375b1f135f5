import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';

import { packageRoot } from './package-file';

/** A place in a source file. */
export interface SourceLine {
  /** As it lies on the disk; absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Relative to the project, with `/`: `stacks/shop/units/network/vpc.ts:12`. */
  readonly text: string;
}

/**
 * The place in a stack trace that called this package: the first frame with a file outside of it. Compiled modules of a project
 * (`.terrace/dist`) are traced back to their TypeScript by their source maps. Undefined where it is Node, or every frame is the package's.
 */
export function callerLine(stack: string | undefined): SourceLine | undefined {
  for (const { file, line, column } of frames(stack ?? ''))
    if (!isOwn(file)) return file.startsWith('node:') ? undefined : sourceLine(file, line, column);
  return undefined;
}

/** Frames that lead from a guard to its caller, with this file's own; where library code stands between them, all are looked at. */
const nearFrames = 6;

/**
 * The place that called the file of a guard: the first frame of the present stack with another file. Undefined where that is this package or what is
 * installed, which guards let pass. Guards are asked thousands of times while cdktf works, so the few frames next to them are captured first.
 */
export function guardedLine(guard: string): SourceLine | undefined {
  const frame = frameBeyond(guard, nearFrames) ?? frameBeyond(guard, 100);
  if (frame === undefined || isOwn(frame.file) || /^node:|\/node_modules\/|\/\.gen\//.test(frame.file)) return undefined;
  return sourceLine(frame.file, frame.line, frame.column);
}

function frameBeyond(guard: string, depth: number): Frame | undefined {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  const { stack } = new Error('guard');
  Error.stackTraceLimit = before;
  for (const frame of frames(stack ?? '')) if (frame.file !== guard && frame.file !== __filename) return frame;
  return undefined;
}

/** The first place in a stack trace that lies in a project's own sources: not in the package, nor in what is installed. */
export function sourceLineOf(stack: string | undefined): SourceLine | undefined {
  for (const { file, line, column } of frames(stack ?? ''))
    if (!isOwn(file) && !/^node:|\/node_modules\//.test(file)) return sourceLine(file, line, column);
  return undefined;
}

/** All places of a stack trace in a project's own sources, without what it generates; the innermost first. */
export function sourceLinesOf(stack: string | undefined): readonly SourceLine[] {
  return [...frames(stack ?? '')]
    .filter(({ file }) => !isOwn(file) && !/^node:|\/node_modules\/|\/\.gen\//.test(file))
    .map(({ file, line, column }) => sourceLine(file, line, column));
}

function isOwn(file: string): boolean {
  return file.startsWith(`${packageRoot()}/`);
}

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function* frames(stack: string): Generator<Frame> {
  for (const match of stack.matchAll(/^\s+at (?:.*?\(|async )?(?:file:\/\/)?((?:\/|node:)[^\s()]+):(\d+):(\d+)\)?$/gm))
    if (match[1] !== undefined) yield { file: match[1], line: Number(match[2]), column: Number(match[3]) };
}

const compiled = '/.terrace/dist/';

function sourceLine(file: string, line: number, column: number): SourceLine {
  const end = file.indexOf(compiled);
  if (end < 0) return { file, line, text: `${relative(process.cwd(), file)}:${line}` };
  const root = file.slice(0, end);
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !('originalLine' in entry)) return { file, line, text: `${relative(root, file)}:${line}` };
  const source = path.resolve(path.dirname(file), entry.originalSource.replace(/^file:\/\//, ''));
  return { file: source, line: entry.originalLine + 1, text: `${relative(root, source)}:${entry.originalLine + 1}` };
}

function relative(root: string, file: string): string {
  const name = path.relative(root, file);
  return (name.startsWith('..') ? file : name).split(path.sep).join('/');
}

const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(file));
  return maps.get(file);
}

function readMap(file: string): SourceMap | undefined {
  try {
    const map = /^\/\/# sourceMappingURL=data:application\/json;base64,(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
    if (map === undefined) return undefined;
    const payload: SourceMapPayload = JSON.parse(Buffer.from(map, 'base64').toString('utf8'));
    return new SourceMap(payload);
  } catch {
    return undefined;
  }
}
