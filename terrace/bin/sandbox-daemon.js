#!/usr/bin/env node
'use strict';
// The sandbox's daemon: one process that serves a sandbox's folder until it is told to stop.
require('./code-cache.js').keepCompiledCode('sandbox-daemon');

// A command that has just compiled the package says so; looking at every source again would double the time of a start.
const daemon = process.argv.includes('--compiled')
  ? require('../dist/sandbox/daemon/daemon.js')
  : require('./compile.js').load('sandbox/daemon/daemon');

daemon.main(process.argv);
