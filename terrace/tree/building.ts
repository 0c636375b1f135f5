const paths: string[] = [];

/** True while the constructors of a tree run: the time in which the source must not ask for what only terraform will know. */
export function isBuilding(): boolean {
  return paths.length > 0;
}

/** The path of the unit whose constructor runs; undefined while none does. */
export function buildingPath(): string | undefined {
  return paths.at(-1);
}

/** Runs the constructor of a unit; must not be asynchronous. */
export function whileBuilding<T>(path: string, build: () => T): T {
  paths.push(path);
  try {
    return build();
  } finally {
    paths.pop();
  }
}
