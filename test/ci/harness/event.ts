/** What starts a run. */
export interface Event {
  readonly name: 'push' | 'pull_request' | 'schedule' | 'workflow_dispatch';
  /** The commit that is checked out. */
  readonly commit: string;
  readonly before?: string;
  readonly change?: string;
  /** What a person gave who started it by hand. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** @default `refs/heads/main`, or that of the change */
  readonly ref?: string;
  /** True where the change comes from somebody else's copy of the repository. */
  readonly fork?: boolean;
  readonly actor: string;
}

/** Full name of what an event is about. */
export function refOf({ ref, change }: Event): string {
  return ref ?? (change === undefined ? 'refs/heads/main' : `refs/pull/${change}/merge`);
}

/** The `github` context of a run, which every expression sees. */
export function githubContext(
  repository: string,
  run: { readonly id: string; readonly attempt: number },
  event: Event,
): Readonly<Record<string, unknown>> {
  const { name, commit, before, change, fork, actor } = event;
  const ref = refOf(event);
  return {
    repository,
    actor,
    sha: commit,
    run_id: run.id,
    run_attempt: String(run.attempt),
    event_name: name,
    ref,
    ref_name: ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
    base_ref: change === undefined ? '' : 'main',
    token: 'run-token',
    server_url: 'https://github.example',
    event: {
      before: before ?? '',
      ...(change === undefined
        ? {}
        : { pull_request: { number: change, head: { repo: { full_name: fork === true ? 'someone/copy' : repository } } } }),
    },
  };
}
