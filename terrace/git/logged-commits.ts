/** Addresses that a platform writes into commits that it makes for others. */
export const platformAddress = /^(?:noreply@github\.com|noreply@gitlab\.com|\d+\+[a-z0-9-]+\[bot\]@users\.noreply\.github\.com)$/;

/** Parents, author, committer and co-authors of a commit; then the names of its files, one a line. No address can hold what separates them. */
export const authorsFormat = '%x00%P%x00%ae%x00%ce%x00%(trailers:key=Co-authored-by,valueonly)%x00';

/** Who made a commit, and what it touches. */
interface LoggedCommit {
  readonly parents: number;
  readonly addresses: readonly string[];
  readonly files: readonly string[];
}

/** The commits of a log that was written in `authorsFormat` with `--name-only`, in its order; addresses in lower case. Pure. */
export function commitsIn(log: string): readonly LoggedCommit[] {
  const fields = log.split('\0').slice(1);
  const commits: LoggedCommit[] = [];
  for (let from = 0; from + 4 < fields.length; from += 5) {
    const [parents = '', author = '', committer = '', others = '', names = ''] = fields.slice(from, from + 5);
    const addresses = [author, committer, ...others.split('\n')]
      .map((line) => (/<([^>]+)>/.exec(line)?.[1] ?? line).trim().toLowerCase())
      .filter((line) => line.includes('@'));
    commits.push({
      parents: parents.split(' ').filter((one) => one !== '').length,
      addresses,
      files: names.split('\n').filter((line) => line !== ''),
    });
  }
  return commits;
}
