/** What a command that runs terraform does on Ctrl-C: stop starting new work, let terraform end cleanly, then go. */
export interface Interruption {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/**
 * Listens for the signals that ask a command to end. The first one aborts `signal`; later ones only call `onAgain`
 * (to say that terraform is being waited for), since a second signal would make terraform leave its lock behind.
 */
export function listenForInterruption(options: { readonly onFirst?: () => void; readonly onAgain?: () => void } = {}): Interruption {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listener = (): void => {
    if (controller.signal.aborted) options.onAgain?.();
    else {
      options.onFirst?.();
      controller.abort();
    }
  };
  for (const name of signals) process.on(name, listener);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, listener);
    },
  };
}
