/** A provider whose locked version differs between the base and the change. */
export interface LockedVersion {
  readonly lockFile: string;
  readonly provider: string;
  /** Absent where it is new. */
  readonly before?: string;
  /** Absent where it is gone. */
  readonly after?: string;
}

/** What the plan says of a unit beside its changes. */
export interface PlanRemark {
  readonly kind: string;
  readonly unit: string;
  readonly text: string;
}

/** What the commit changes besides the plans: read from git, compared with the protected branch. */
export interface SourceChange {
  /** Files that differ, sorted; paths from the repository's root. */
  readonly files: readonly string[];
  readonly lockedVersions: readonly LockedVersion[];
  /** @default none */
  readonly remarks?: readonly PlanRemark[];
  /** The terraform that the base pins and the one that planned, where they differ. */
  readonly terraform?: { readonly file: string; readonly before: string; readonly after: string };
}
