/** One simulated resource as its JSON file in the cloud folder holds it; people may edit `values` to make drift. */
export interface CloudRecord {
  readonly version: 1;
  readonly provider: string;
  readonly type: string;
  /** Where the resource lives: `123456789012/eu-central-1` for aws, `-` for providers without accounts. */
  readonly scope: string;
  readonly id: string;
  /** Order of creation over the whole cloud folder, as milliseconds since 1970 with a fraction. */
  readonly created: number;
  readonly values: Readonly<Record<string, unknown>>;
  /** What the simulation itself remembers and terraform never sees. */
  readonly hidden?: Readonly<Record<string, unknown>>;
}

/** The key of a record: its file's path under the cloud folder without `.json`. It travels in terraform's `private`. */
export type CloudKey = string;

/** Whether parsed JSON has the shape of a record. */
export function isCloudRecord(raw: unknown): raw is CloudRecord {
  return (
    typeof raw === 'object' &&
    raw !== null &&
    'type' in raw &&
    typeof raw.type === 'string' &&
    'values' in raw &&
    typeof raw.values === 'object' &&
    raw.values !== null &&
    'id' in raw
  );
}

/** Keys of the resources that belong to one and go with it. */
export function childrenOf(record: CloudRecord): readonly CloudKey[] {
  const children = record.hidden?.['children'];
  return Array.isArray(children) ? children.filter((one) => typeof one === 'string') : [];
}
