import { TerraceError, exitCodes, type ExitCode, type Problem } from '../base/errors';

/** Every problem of plan, approve and apply has one code and one title. */
const titles = {
  E6001: 'not a bundle',
  E6002: 'bundle changed',
  E6003: 'unknown version',
  E6004: 'archive refused',
  E6005: 'bundle expired',
  E6006: 'different commit',
  E6007: 'state moved on',
  E6008: 'upstream changed',
  E6009: 'tainted plan',
  E6010: 'not approved',
  E6012: 'frozen',
  E6013: 'unusable approval rules',
  E6014: 'different terraform version',
  E6015: 'different units',
  E6016: 'interrupted unit',
  E6017: 'unreadable approval',
  E6018: 'plan failed',
  E6019: 'apply failed',
  E6020: 'dirty work tree',
  E6021: 'no recipients',
  E6022: 'cannot decrypt',
  E6023: 'missing variable',
  E6024: 'no list of gate approvals',
  E6025: 'foreign file',
  E6026: 'bundles do not match',
  E6027: 'cannot write',
  E6028: 'nothing selected',
  E6029: 'auto-approve refused',
  E6030: 'unknown commit',
  E6031: 'unusable signing key',
  E6032: 'no signing key',
  E6033: 'terraform killed',
  E6034: 'state not readable',
  E6035: 'init failed',
  E6036: 'interrupted',
  E6038: 'no synthesized tree',
  E6040: 'upstream not applied',
  E6041: 'state not moved',
  E6042: 'unusable facts',
  E6043: 'unusable recipient',
  E6044: 'no identity',
  E6045: 'file not readable',
  E6046: 'no approval rules',
  E6047: 'unknown finding in the rules',
  E6048: 'no protected branch',
  E6049: 'no git repository',
  E6050: 'still being read',
  E6051: 'state lost',
  E6052: 'not in this branch',
  E6053: 'state not uploaded',
  E6054: 'outcome unknown',
  E6055: 'no commit named',
  E6056: 'not on the protected branch',
  E6057: 'history is incomplete',
  E6058: 'apply interrupted',
  E6059: 'commit does not synthesize',
  E6060: 'disk full during apply',
  E6061: 'nothing planned',
  E6062: 'configuration refused',
  E6063: 'different facts',
  E6064: 'different bundle',
  E6065: 'not from its commit',
  E6066: 'no unit in this wave',
  E6067: 'not a list of affected units',
  E6068: 'resource not in doubt',
  E6069: 'sandbox folder unknown',
  E6070: 'nothing accepted',
  E6071: 'behind what was accepted',
  E6072: 'accepted by somebody else meanwhile',
  E6073: 'unreadable accepted commit',
  E6074: 'no facts of the environment',
  E6075: 'policies compiled for another commit',
  E6076: 'not in canonical form',
  E6077: 'unusable encrypted plan',
  E6078: 'review does not match its plan',
  E6079: 'different binary plan',
  E6080: 'link in a bundle',
  E6081: 'malformed bundle',
  E6082: 'bundle contradicts itself',
  E6083: 'signed with an unknown key',
  E6084: 'approval of another bundle',
  E6085: 'unknown login',
  E6086: 'key not valid for gates',
  E6087: 'not an approver',
  E6088: 'own change',
  E6089: 'approval too old',
  E6090: 'approval from the future',
  E6091: 'state not stored',
  E6092: 'reader can still be planned',
  E6093: 'no such reader',
  E6094: 'records not readable',
  E6095: 'unit not applied',
  E6096: 'reader forgotten since',
} as const;

export type DeliveryCode = keyof typeof titles;

interface Details {
  readonly place?: string;
  readonly found: string;
  readonly expected?: string;
  readonly todo: string;
}

/** One problem of the delivery. */
export function problem(code: DeliveryCode, details: Details): Problem {
  return { code, title: titles[code], ...details };
}

/** An error that ends with 3: a guarantee refuses. */
export function refused(code: DeliveryCode, details: Details, cause?: unknown): TerraceError {
  return failed(code, details, exitCodes.refused, cause);
}

/** An error that ends with 1, or with the given exit code. */
export function failed(code: DeliveryCode, details: Details, exitCode: ExitCode = exitCodes.failed, cause?: unknown): TerraceError {
  return new TerraceError(problem(code, details), exitCode, cause === undefined ? undefined : { cause });
}
