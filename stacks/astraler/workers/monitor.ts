import { tell } from './alerts';
import type { MonitorEnvironment } from './monitor-environment';
import { readings } from './readings';

/**
 * Reads every value, tells who must know, and gives a sign of life. Where anything fails it gives none, so that whoever expects it notices
 * that nobody is watching.
 */
const monitor = {
  async scheduled(event: { readonly scheduledTime: number }, environment: MonitorEnvironment): Promise<void> {
    const found = await readings(environment, new Date(event.scheduledTime));
    for (const reading of found) {
      console.log(JSON.stringify(reading));
      await tell(environment, reading);
    }
    const sign = await fetch(environment.HEARTBEAT, { signal: AbortSignal.timeout(20_000) });
    if (!sign.ok) throw new Error(`heartbeat: ${sign.status}`);
  },
};

export default monitor;
