'use strict';
// What the programs of a sandbox's provider mirror run: node provider-relay.js <namespace>/<type>.
// Terraform starts it several times a command, so it takes what is compiled already; the daemon it relays to compiled it.
const { existsSync } = require('node:fs');
const path = require('node:path');

const compiled = path.join(__dirname, '..', 'dist', 'sandbox', 'providers', 'mirror', 'relay.js');
const { relay } = existsSync(compiled) ? require(compiled) : require('./compile.js').load('sandbox/providers/mirror/relay');

relay(process.argv[2]);
