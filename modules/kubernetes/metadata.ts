/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** Where objects lie, and what all of them carry beside their own name. */
export interface ObjectPlace {
  /** Absent for what no namespace holds. */
  readonly namespace?: string;
  readonly labels: Labels;
}

/** The label by which services, policies and monitors find pods. */
export const nameLabel = 'app.kubernetes.io/name';

/** The label that Kubernetes itself gives each namespace. */
export const namespaceLabel = 'kubernetes.io/metadata.name';

/** The metadata of an object: its name, its namespace, and the labels of its place together with its own. */
export function metadata(name: string, place: ObjectPlace, labels: Labels = {}) {
  return {
    name,
    ...(place.namespace === undefined ? {} : { namespace: place.namespace }),
    labels: { ...place.labels, ...labels },
  };
}
