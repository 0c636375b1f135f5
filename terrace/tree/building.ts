let depth = 0;

/** True while the constructors of a tree run: the time in which the source must not ask for what only terraform will know. */
export function isBuilding(): boolean {
  return depth > 0;
}

/** Runs a part of building the tree; must not be asynchronous. */
export function whileBuilding<T>(build: () => T): T {
  depth += 1;
  try {
    return build();
  } finally {
    depth -= 1;
  }
}
