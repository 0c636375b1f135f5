/** `publicSubnetIds` → `public_subnet_ids`; digits stay with the word before them (`route53ZoneId` → `route53_zone_id`). */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[-/.\s]+/g, '_')
    .toLowerCase();
}

/** The id of a unit's stack: its path joined by hyphens. Different paths may collide, which the tree refuses. */
export function stackIdOf(path: string): string {
  return path.replaceAll('/', '-');
}

/** Words of a folder in the tree: lower-case letters, digits and single hyphens. */
export const segmentPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
