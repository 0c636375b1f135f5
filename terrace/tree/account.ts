/**
 * An account id that the environment may override at synth: `accountId('AWS_ACCOUNT_ID_DEV', '123456789012')`.
 * The tree refuses what is not 12 digits (E1101), wherever it came from.
 */
export function accountId(variable: string, usual: string): string {
  return process.env[variable] ?? usual;
}
