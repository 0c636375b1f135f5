import { createInterface } from 'node:readline/promises';

/** True when somebody can answer: both ends are a terminal. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks on the terminal, on stderr so that stdout stays the command's output. Gives the trimmed answer; empty at the end of input. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } catch {
    return '';
  } finally {
    terminal.close();
  }
}
