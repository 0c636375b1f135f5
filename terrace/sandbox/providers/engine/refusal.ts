/** What a simulated provider answers instead of doing it: one error of terraform's, with the attribute it is about. */
export class Refusal extends Error {
  constructor(
    readonly summary: string,
    readonly detail = '',
    /** Dotted path without indices. */
    readonly attribute?: string,
  ) {
    super(detail === '' ? summary : `${summary}: ${detail}`);
    this.name = 'Refusal';
  }
}

/** Several refusals at once. */
export class Refusals extends Error {
  constructor(readonly all: readonly Refusal[]) {
    super(all.map((one) => one.message).join('\n'));
    this.name = 'Refusals';
  }
}
