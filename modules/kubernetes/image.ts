/** Tags that name another image tomorrow. */
const floating = /^(?:latest|stable|main|master|edge|nightly|dev|develop|alpine|slim|\d+|\d+-[a-z]+)$/;

/** A tag that is given out once: `1.4.0`, `v2.0.1-rc.1`, `17.6`, `17.6-alpine3.22`, and a commit's id. */
const exact = /^(?:v?\d+\.\d+(?:\.\d+)*(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?|[0-9a-f]{7,40})$/;

/** A release: three numbers, with or without what comes before them (`v`) and after them (`-rc.1`). As terraform's `regex` takes it. */
export const releaseTag = '^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$';

/** The tag of an image; undefined where it has none. A registry's port is no tag. */
export function tagOf(image: string): string | undefined {
  return /^.+:([^:/@]+)(?:@.*)?$/.exec(image)?.[1];
}

/** Whether an image may be another one tomorrow: no tag, or one that moves. An image with a digest never is. */
export function floats(image: string): boolean {
  if (image.includes('@sha256:')) return false;
  const tag = tagOf(image);
  return tag === undefined || floating.test(tag) || !exact.test(tag);
}
