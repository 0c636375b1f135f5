/** The account and group that a container's processes run as. */
export interface PodUser {
  /** Numeric, not 0. */
  readonly user: number;
  readonly group: number;
}

/** What the Pod Security Standard `restricted` asks of a pod; volumes belong to the group. */
export function podSecurity({ user, group }: PodUser) {
  return {
    runAsNonRoot: true,
    runAsUser: String(user),
    runAsGroup: String(group),
    fsGroup: String(group),
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** What `restricted` asks of a container, and a root file system that nobody writes to: what must be written is a volume. */
export const containerSecurity = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
