/** What a round over many runners is made of. Times are seconds, rates are per second. */
export interface Round {
  readonly units: number;
  /** Runners that work at once. */
  readonly runners: number;
  /** Units that one runner works on at once. */
  readonly parallel: number;
  /** From asking for a runner to its first unit: machine, program, artefacts. */
  readonly startSeconds: number;
  /** Of one unit on one runner, with nobody else asking the cloud. */
  readonly unitSeconds: number;
  /** Requests of one unit to the cloud's own interfaces (refresh of its resources). */
  readonly calls: number;
  /** What each account takes of them before it throttles. */
  readonly callsPerSecond: number;
  /** Accounts over which the units are spread. */
  readonly accounts: number;
  /** Requests of one unit to the bucket of states and to the lock table. */
  readonly stateRequests: number;
  readonly lockWrites: number;
  /** Chance that a unit fails once for a passing reason, and is run again. */
  readonly unitFails: number;
  /** Chance that a runner is gone before its end; what it had not finished goes to a new one. */
  readonly runnerDies: number;
  /** The same seed gives the same round. */
  readonly seed: number;
}

/** How the round went. */
export interface Outcome {
  /** From the first runner's order to the last unit's end. */
  readonly seconds: number;
  readonly finished: number;
  /** Units that ran more than once. */
  readonly repeated: number;
  /** Runners that were ordered, with those in place of the lost. */
  readonly runners: number;
  /** Seconds that units waited for the cloud to take their requests, over all units. */
  readonly throttledSeconds: number;
  /** The busiest second. */
  readonly peakStateRequests: number;
  readonly peakLockWrites: number;
}

interface Worker {
  /** When it takes its next unit. */
  at: number;
  readonly queue: number[];
  readonly diesAt: number;
}

/**
 * Plays a round: each runner takes its units in order, each unit asks its account for its calls, which are served at the account's rate in the order
 * of asking, so that a unit is as slow as the slower of the two. A unit is never lost: it ends, or its runner is replaced. Raises RangeError for a
 * round that could never end.
 */
export function simulate(round: Round): Outcome {
  if (round.runners < 1 || round.parallel < 1 || round.callsPerSecond <= 0 || round.runnerDies >= 1 || round.unitFails >= 1)
    throw new RangeError('a round needs a runner, a unit at once, a rate, and chances below one');
  const random = generator(round.seed);
  const served = Array.from({ length: round.accounts }, () => 0);
  const stateRequests = new Map<number, number>();
  const lockWrites = new Map<number, number>();
  const count = { finished: 0, repeated: 0, runners: 0, throttled: 0, end: 0 };
  const waiting = new Heap<Worker>((a, b) => a.at - b.at);
  const order = (queue: number[], at: number): void => {
    count.runners += 1;
    const start = at + round.startSeconds;
    const alone = Math.ceil(queue.length / round.parallel) * round.unitSeconds;
    const diesAt = random() < round.runnerDies ? start + random() * alone : Number.POSITIVE_INFINITY;
    // Each of the units worked on at once takes its own part of the runner's units.
    for (let lane = 0; lane < round.parallel; lane += 1)
      waiting.push({ at: start, queue: queue.filter((_, index) => index % round.parallel === lane), diesAt });
  };
  const perRunner = Math.ceil(round.units / round.runners);
  for (let first = 0; first < round.units; first += perRunner)
    order(
      Array.from({ length: Math.min(perRunner, round.units - first) }, (_, index) => first + index),
      0,
    );
  for (let worker = waiting.pop(); worker !== undefined; worker = waiting.pop()) {
    const unit = worker.queue[0];
    if (unit === undefined) continue;
    const account = unit % round.accounts;
    const asked = Math.max(served[account] ?? 0, worker.at);
    const answered = asked + round.calls / round.callsPerSecond;
    served[account] = answered;
    const end = Math.max(worker.at + round.unitSeconds, answered);
    count.throttled += Math.max(0, end - worker.at - round.unitSeconds);
    add(stateRequests, end, round.stateRequests);
    add(lockWrites, end, round.lockWrites);
    if (end > worker.diesAt) {
      count.repeated += 1;
      order(worker.queue, worker.diesAt);
      continue;
    }
    if (random() < round.unitFails) count.repeated += 1;
    else {
      worker.queue.shift();
      count.finished += 1;
      count.end = Math.max(count.end, end);
    }
    waiting.push({ ...worker, at: end });
  }
  return {
    seconds: count.end,
    finished: count.finished,
    repeated: count.repeated,
    runners: count.runners,
    throttledSeconds: count.throttled,
    peakStateRequests: Math.max(0, ...stateRequests.values()),
    peakLockWrites: Math.max(0, ...lockWrites.values()),
  };
}

function add(seconds: Map<number, number>, at: number, amount: number): void {
  const second = Math.floor(at);
  seconds.set(second, (seconds.get(second) ?? 0) + amount);
}

/** Numbers from 0 to 1 by a seed: a linear congruence of full period (Numerical Recipes' factors). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The least first. */
class Heap<T> {
  readonly #items: T[] = [];

  constructor(private readonly compare: (a: T, b: T) => number) {}

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#ordered(up, at)) break;
      this.#swap(up, at);
      at = up;
    }
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    items[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < items.length && !this.#ordered(least, left)) least = left;
      if (right < items.length && !this.#ordered(least, right)) least = right;
      if (least === at) return first;
      this.#swap(least, at);
      at = least;
    }
  }

  #ordered(a: number, b: number): boolean {
    const [one, other] = [this.#items[a], this.#items[b]];
    return one === undefined || other === undefined || this.compare(one, other) <= 0;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#items[a], this.#items[b]];
    if (one === undefined || other === undefined) return;
    this.#items[a] = other;
    this.#items[b] = one;
  }
}
