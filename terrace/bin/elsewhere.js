'use strict';
// Loaded before anything else in a process that must see another time and other chance than the one before it: what a tree is made of may depend on neither.
const days = 400;
const shift = days * 24 * 60 * 60 * 1000 + 12_345;
const { now } = Date;
const { random } = Math;

globalThis.Date = class extends Date {
  constructor(...values) {
    super(...(values.length === 0 ? [now() + shift] : values));
  }

  static now() {
    return now() + shift;
  }
};
Math.random = () => 1 - random();
