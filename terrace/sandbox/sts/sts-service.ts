import { createHash, randomBytes } from 'node:crypto';

import { accessKeyOf, accountOfKey } from '../http/caller';
import type { DirectRequest, DirectService } from '../http/direct-service';
import type { Reply } from '../http/reply';
import { document, element } from '../http/xml';
import { readSessionToken, sessionToken } from './session-token';

/**
 * STS as far as an account is asked for or changed: the 12 digits in a key are its account, and a role's key is one of the role's account.
 * Every key has the same secret. Who has no key signs in by a web identity token that is this secret: nobody else is given it.
 */
export function stsService(secret: string): DirectService {
  return (request) => answer(request, secret);
}

function answer(request: DirectRequest, secret: string): Reply {
  const form = new URLSearchParams([...request.query, ...new URLSearchParams(request.body.toString('utf8'))]);
  const action = form.get('Action') ?? '';
  if (action === 'AssumeRoleWithWebIdentity')
    return form.get('WebIdentityToken') === secret
      ? assumeRole(action, form, secret)
      : stsRefusal(
          400,
          'InvalidIdentityToken',
          'The Terrace sandbox takes its own secret key as the only token (AWS_SECRET_ACCESS_KEY of its shell)',
        );
  if (request.caller === undefined) return stsRefusal(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  if (request.caller.account === undefined)
    return stsRefusal(
      403,
      'InvalidClientTokenId',
      'The access key id is not one of the Terrace sandbox (SANDBOX and 12 digits). Real credentials are of no use here.',
    );
  const { account, sessionToken: token } = { ...request.caller, account: request.caller.account };
  switch (action) {
    case 'GetCallerIdentity': {
      const role = readSessionToken(token, account);
      const arn = role?.arn ?? `arn:aws:iam::${account}:user/sandbox`;
      const id = role === undefined ? stableId('AIDA', arn) : `${stableId('AROA', role.role)}:${role.session}`;
      return success(action, [element('Arn', arn), element('UserId', id), element('Account', account)]);
    }
    case 'AssumeRole':
      return assumeRole(action, form, secret);
    case 'GetSessionToken':
      return success(action, [credentials(account, secret, sessionToken({ account, role: 'user', session: 'session' }))]);
    case 'GetAccessKeyInfo':
      return success(action, [element('Account', accountOfKey(form.get('AccessKeyId') ?? '') ?? account)]);
    default:
      return stsRefusal(400, 'InvalidAction', `The Terrace sandbox does not have the action ${action === '' ? '(none)' : action} of STS.`);
  }
}

function assumeRole(action: string, form: URLSearchParams, secret: string): Reply {
  const arn = form.get('RoleArn') ?? '';
  const session = form.get('RoleSessionName') ?? '';
  const match = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(arn);
  if (match === null) return stsRefusal(400, 'ValidationError', `${arn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(session))
    return stsRefusal(400, 'ValidationError', 'RoleSessionName needs 2 to 64 characters of [\\w+=,.@-]');
  const [, account = '', role = ''] = match;
  const user = [
    element('AssumedRoleId', `${stableId('AROA', role)}:${session}`),
    element('Arn', `arn:aws:sts::${account}:assumed-role/${role}/${session}`),
  ];
  return success(action, [credentials(account, secret, sessionToken({ account, role, session })), element('AssumedRoleUser', user)]);
}

function credentials(account: string, secret: string, token: string): string {
  return element('Credentials', [
    element('AccessKeyId', accessKeyOf(account)),
    element('SecretAccessKey', secret),
    element('SessionToken', token),
    element('Expiration', new Date(Date.now() + 3_600_000).toISOString()),
  ]);
}

/** An id as IAM writes it, the same for the same name. */
function stableId(prefix: string, name: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + [...createHash('sha256').update(name).digest().subarray(0, 17)].map((byte) => letters[byte % 32]).join('');
}

function success(action: string, result: readonly string[]): Reply {
  const metadata = element('ResponseMetadata', [element('RequestId', requestId())]);
  return reply(200, `${action}Response`, [element(`${action}Result`, result), metadata]);
}

/** An error as STS answers it. */
export function stsRefusal(status: number, code: string, message: string): Reply {
  const error = element('Error', [element('Type', 'Sender'), element('Code', code), element('Message', message)]);
  return reply(status, 'ErrorResponse', [error, element('RequestId', requestId())]);
}

function reply(status: number, root: string, content: readonly string[]): Reply {
  const body = document(element(root, content)).replace(`<${root}>`, `<${root} xmlns="https://sts.amazonaws.com/doc/2011-06-15/">`);
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function requestId(): string {
  return randomBytes(16)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
