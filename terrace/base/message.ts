import { systemErrorOf, systemWords } from './system-error';

/** The words of whatever was thrown; those of the operating system in plain English, without the file that `place` already names. */
export function messageOf(error: unknown, place?: string): string {
  const system = systemErrorOf(error);
  if (system !== undefined) return systemWords(system, place);
  const text = error instanceof Error ? error.message : String(error);
  // JSON.parse quotes the beginning of what it was given, with its line breaks.
  return text.endsWith('is not valid JSON') ? text.replaceAll(/\s+/g, ' ') : text;
}

/** Its first line: Node's `Cannot find module` goes on with who required whom. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
