import { isObject } from '../base/json';

/**
 * Refuses a success that bears no request id of AWS: an empty answer, or a proxy's own page, would be believed, and a state, a digest or a
 * released lock with it. Failures keep the name that they have.
 */
export function answeredByAws<A, R extends { readonly response: unknown }>(next: (args: A) => Promise<R>): (args: A) => Promise<R> {
  return async (args) => {
    const result = await next(args);
    const { response } = result;
    const status = isObject(response) ? response['statusCode'] : undefined;
    const headers = isObject(response) && isObject(response['headers']) ? response['headers'] : {};
    const isSuccess = typeof status === 'number' && status >= 200 && status < 300;
    if (isSuccess && headers['x-amz-request-id'] === undefined && headers['x-amzn-requestid'] === undefined)
      throw Object.assign(
        new Error(`HTTP ${status} without a request id: a proxy answered, not AWS, so it is not known whether the request was carried out`),
        {
          name: 'ForeignAnswer',
        },
      );
    return result;
  };
}
