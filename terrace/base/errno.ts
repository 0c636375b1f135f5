/** True for an error of the operating system with one of these codes (`ENOENT`). Looks at the code alone: errors of another realm are no `Error` here. */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
