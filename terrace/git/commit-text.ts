import { execFileSync } from 'node:child_process';

/** What people know a commit by. */
export interface CommitText {
  /** Name and address, as git has them. */
  readonly author: string;
  /** First line of its message. */
  readonly subject: string;
  /** Its page at the repository's host; absent where the remote is none of the hosts whose pages are known. */
  readonly link?: string;
}

/** Author, subject and page of a commit; undefined where the folder is no repository or lacks the commit. */
export function commitText(folder: string, commit: string, env: Readonly<NodeJS.ProcessEnv>): CommitText | undefined {
  const git = (...args: readonly string[]): string | undefined => {
    try {
      return execFileSync('git', [...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch {
      return undefined;
    }
  };
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  const [author, subject] = git('log', '-1', '--no-show-signature', '--format=%an <%ae>%x00%s', commit)?.trimEnd().split('\0') ?? [];
  if (author === undefined || subject === undefined) return undefined;
  const link = commitLink(env['GITHUB_REPOSITORY'] === undefined ? git('remote', 'get-url', 'origin') : githubUrl(env), commit);
  return { author, subject, ...(link === undefined ? {} : { link }) };
}

function githubUrl(env: Readonly<NodeJS.ProcessEnv>): string {
  return `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${env['GITHUB_REPOSITORY'] ?? ''}`;
}

/** The page of a commit at GitHub, GitLab or Bitbucket, by the address of the remote; whatever credentials that holds are left out. */
export function commitLink(remote: string | undefined, commit: string): string | undefined {
  const match = /^(?:(?:https?|ssh):\/\/(?:[^@/]*@)?|[\w.-]+@)([\w.-]+)(?::\d+(?=\/))?[/:]([\w./-]+?)(?:\.git)?\/*$/.exec(
    remote?.trim() ?? '',
  );
  const [, host = '', repository = ''] = match ?? [];
  const page = /(?:^|\.)gitlab\./.test(host)
    ? '-/commit'
    : host === 'bitbucket.org'
      ? 'commits'
      : /(?:^|\.)github\./.test(host) || remote?.includes('://github.') === true
        ? 'commit'
        : undefined;
  return page === undefined || repository === '' ? undefined : `https://${host}/${repository}/${page}/${commit}`;
}
