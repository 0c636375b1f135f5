/** The module of a Worker whose application was not built yet: every request is answered 503, with the reason, and asked to come back. */
export function notYetBuilt(worker: string): { readonly fetch: () => Response } {
  return {
    fetch: () =>
      Response.json(
        { error: 'service unavailable', reason: `the first build of ${worker} was not deployed yet` },
        { status: 503, headers: { 'retry-after': '300', 'cache-control': 'no-store' } },
      ),
  };
}
