'use strict';
// Jest runs tests in a realm of its own, whose Error is not the one that Node's own modules throw: `error instanceof Error` would be
// false for every ENOENT and ECONNRESET. Here, as outside of jest, it is true.
const { types } = require('node:util');

const ordinary = Function.prototype[Symbol.hasInstance];
Object.defineProperty(Error, Symbol.hasInstance, {
  configurable: true,
  value(value) {
    return ordinary.call(this, value) || (this === Error && types.isNativeError(value));
  },
});
