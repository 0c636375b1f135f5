import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One thing that happened to a simulated resource. */
export interface CloudEvent {
  readonly time: string;
  readonly operation: 'create' | 'update' | 'delete' | 'import' | 'fault';
  readonly type: string;
  readonly id: string;
  readonly scope: string;
  readonly detail?: string;
}

/** `events.jsonl` of the cloud folder: creates, updates and deletes in the order in which they were done. */
export class EventLog {
  private readonly file: string;

  constructor(private readonly dir: string) {
    this.file = path.join(dir, 'events.jsonl');
  }

  add(event: Omit<CloudEvent, 'time'>): void {
    const line = `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`;
    try {
      appendFileSync(this.file, line);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      mkdirSync(this.dir, { recursive: true });
      appendFileSync(this.file, line);
    }
  }

  /** Everything so far, oldest first; an unfinished last line is left out. */
  all(): CloudEvent[] {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch {
      return [];
    }
    return text
      .split('\n')
      .slice(0, -1)
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as CloudEvent];
        } catch {
          return [];
        }
      });
  }
}
