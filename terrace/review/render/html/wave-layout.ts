/** A box of the graph: the column it stands in and the boxes it follows, all in columns before. */
export interface WaveNode {
  readonly key: string;
  readonly step: number;
  readonly after: Iterable<string>;
}

export interface WaveLayout {
  /** Upper left corner of each box. */
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  /** Path data, each piece of a line once. */
  readonly lines: readonly string[];
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels. A lane is the room between boxes through which a line passes a column. */
export const waveBox = { width: 238, height: 46, gapX: 66, gapY: 14, lane: 16, top: 30, left: 4 };

/** Left edge of a column. */
export const columnAt = (step: number): number => waveBox.left + step * (waveBox.width + waveBox.gapX);

/** What each box follows, without what a way over others already says. */
function reduced(nodes: readonly WaveNode[]): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const stepOf = (key: string): number => byKey.get(key)?.step ?? -1;
  const direct = new Map(nodes.map(({ key, step, after }) => [key, [...after].filter((one) => stepOf(one) >= 0 && stepOf(one) < step)]));
  const all = new Map<string, ReadonlySet<string>>();
  for (const { key } of nodes.toSorted((a, b) => a.step - b.step)) {
    const before = direct.get(key) ?? [];
    all.set(key, new Set([...before, ...before.flatMap((one) => [...(all.get(one) ?? [])])]));
  }
  return new Map(
    [...direct].map(([key, before]) => [key, before.filter((one) => !before.some((other) => other !== one && all.get(other)?.has(one)))]),
  );
}

/** Boxes in columns, near the mean of what they follow so that lines cross little, and lines that pass between boxes, never behind one. */
export function layoutWaves(nodes: readonly WaveNode[]): WaveLayout {
  const drawn = reduced(nodes);
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const columns = Math.max(0, ...nodes.map(({ step }) => step + 1));
  // Lines of one box share its lane in a column.
  const lanes = Array.from({ length: columns }, () => new Set<string>());
  for (const { key, step } of nodes)
    for (const before of drawn.get(key) ?? [])
      for (let between = (byKey.get(before)?.step ?? step) + 1; between < step; between++) lanes[between]?.add(before);

  const places = new Map<string, { readonly x: number; readonly y: number }>();
  const middles = Array.from({ length: columns }, () => new Map<string, number>());
  let height = waveBox.top;
  for (let step = 0; step < columns; step++) {
    const here = nodes.filter((node) => node.step === step);
    const mean = (keys: readonly string[]): number =>
      keys.length === 0 ? 0 : keys.reduce((sum, key) => sum + (middles[step - 1]?.get(key) ?? 0), 0) / keys.length;
    const items = [
      ...here.map(({ key }) => ({ key, at: mean(drawn.get(key) ?? []), isLane: false })),
      ...[...(lanes[step] ?? [])].map((key) => ({ key, at: mean([key]), isLane: true })),
    ].toSorted((a, b) => a.at - b.at || Number(a.isLane) - Number(b.isLane) || (a.key < b.key ? -1 : 1));
    let y = waveBox.top;
    for (const { key, isLane } of items) {
      if (!isLane) places.set(key, { x: columnAt(step), y });
      middles[step]?.set(key, y + (isLane ? 0 : waveBox.height / 2));
      y += isLane ? waveBox.lane : waveBox.height + waveBox.gapY;
    }
    height = Math.max(height, y);
  }

  const lines = new Set<string>();
  const bend = waveBox.gapX / 2;
  for (const { key, step } of nodes)
    for (const before of drawn.get(key) ?? []) {
      for (let to = (byKey.get(before)?.step ?? step) + 1; to <= step; to++) {
        const [from, into] = [middles[to - 1]?.get(before) ?? 0, middles[to]?.get(to === step ? key : before) ?? 0];
        const [x1, x2] = [columnAt(to - 1) + waveBox.width, columnAt(to)];
        lines.add(`M${x1} ${from}C${x1 + bend} ${from} ${x2 - bend} ${into} ${x2} ${into}`);
        if (to < step) lines.add(`M${x2} ${into}H${x2 + waveBox.width}`);
      }
    }
  return { places, lines: [...lines], columns, width: waveBox.left + columnAt(columns) - waveBox.gapX, height };
}
