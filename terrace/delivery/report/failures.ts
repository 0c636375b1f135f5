import { quantity } from '../../base/plural';
import { visible } from '../../base/visible';

/** Failures as they come: what several units fail of alike is said once, and how many more there were at the end. */
export function sameFailures(): { isNew(code: string, error: string): boolean; flush(): readonly string[] } {
  const seen = new Map<string, number>();
  return {
    isNew: (code, error) => {
      const key = `${code} ${error}`;
      const count = seen.get(key);
      seen.set(key, (count ?? 0) + 1);
      return count === undefined;
    },
    flush: () => {
      const lines = [...seen].flatMap(([key, count]) =>
        count > 1 ? [`  ${quantity(count - 1, 'more unit')} failed alike: ${visible(key.split('\n')[0] ?? '')}`] : [],
      );
      seen.clear();
      return lines;
    },
  };
}

/** The first line of an error behind its code. */
export function firstLines(code: string, error: string): string {
  return visible(`${code} ${error.split('\n')[0] ?? ''}`);
}
