'use strict';
/**
 * Keeps what V8 compiled of CommonJS modules for the next process: loading cdktf, bindings and the SDK is a third of a short command. Node 22 has
 * this built in; here it is for Node 20. Kept in the package's `dist/`, which whoever could write there could as well change; by the digest of a
 * module's text and of its place, which compiled code has in it: a changed file, and one in a copied folder, are compiled again. Where the folder
 * cannot be written, nothing is kept.
 */
const { isAscii } = require('node:buffer');
const crypto = require('node:crypto');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

/** Bytes that one program's file may have; what was not used by the last run goes first. */
const limit = 96 * 1024 * 1024;
/** Characters of new text from which the file is written again: less is compiled anew sooner than the whole is written. */
const worthwhile = 256 * 1024;

/** Modules of generated bindings: CommonJS, up to a megabyte each, and nearly always plain ASCII. */
const binding = /[\\/]node_modules[\\/]@cdktf[\\/]provider-/;

/** What the file holds: places of compiled code by digest; opened once, read in parts. */
function open(file) {
  try {
    const descriptor = fs.openSync(file, 'r');
    const head = Buffer.alloc(8);
    fs.readSync(descriptor, head, 0, 8, 0);
    const length = head.readUInt32LE(4);
    const text = Buffer.alloc(length);
    if (fs.readSync(descriptor, text, 0, length, 8) !== length) return { places: {} };
    return { descriptor, from: 8 + length, places: JSON.parse(text.toString('latin1')) };
  } catch {
    return { places: {} };
  }
}

function read({ descriptor, from, places }, key) {
  const place = places[key];
  if (place === undefined) return undefined;
  const data = Buffer.allocUnsafeSlow(place[1]);
  return fs.readSync(descriptor, data, 0, place[1], from + place[0]) === place[1] ? data : undefined;
}

/** Writes parts to a temporary sibling and renames it: two processes may end at once, the last one's file stays. */
function write(file, parts) {
  const places = {};
  let at = 0;
  for (const [key, data] of parts) {
    if (at + data.length > limit) break;
    places[key] = [at, data.length];
    at += data.length;
  }
  const text = Buffer.from(JSON.stringify(places), 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt32LE(text.length, 4);
  const temporary = `${file}.${process.pid}.tmp`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const chosen = parts.filter(([key]) => key in places).map(([, data]) => data);
  fs.writeFileSync(temporary, Buffer.concat([head, text, ...chosen]));
  fs.renameSync(temporary, file);
}

function requireOf(module) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

function digestOf(filename, content) {
  return crypto.createHash('sha1').update(filename).update('\0').update(content).digest('base64');
}

/** From here on modules are compiled from what an earlier run of the program of this name kept. */
function keepCompiledCode(program) {
  if (Module.enableCompileCache !== undefined) {
    Module.enableCompileCache();
    return;
  }
  const file = path.join(__dirname, '..', 'dist', '.code', `${program}-${process.version}-${process.arch}`);
  const kept = open(file);
  const digests = new Map();
  const used = new Map();
  const fresh = new Map();
  let news = 0;
  const { _compile: compile } = Module.prototype;
  const load = Module._extensions['.js'];
  // Decoding and hashing texts of this size takes as long as compiling them from what was kept; their bytes are had for less.
  Module._extensions['.js'] = function (module, filename) {
    if (!binding.test(filename)) return load.call(this, module, filename);
    const bytes = fs.readFileSync(filename);
    digests.set(filename, digestOf(filename, bytes));
    return module._compile(isAscii(bytes) ? bytes.latin1Slice() : bytes.utf8Slice(), filename);
  };
  Module.prototype._compile = function (content, filename, format) {
    if (format === 'module' || content.startsWith('#!')) return compile.call(this, content, filename, format);
    const key = digests.get(filename) ?? digestOf(filename, content);
    const cachedData = read(kept, key);
    let script;
    try {
      script = new vm.Script(Module.wrap(content), {
        filename,
        cachedData,
        importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      });
    } catch {
      // A module of the other kind, or a mistake that Node shows better.
      return compile.call(this, content, filename, format);
    }
    if (cachedData !== undefined && !script.cachedDataRejected) used.set(key, cachedData);
    else {
      fresh.set(key, script);
      news += content.length;
    }
    const run = script.runInThisContext();
    return run.call(this.exports, this.exports, requireOf(this), this, filename, path.dirname(filename));
  };
  process.once('exit', () => {
    if (news < worthwhile) return;
    try {
      const others = Object.keys(kept.places).filter((key) => !used.has(key) && !fresh.has(key));
      const made = [...fresh].map(([key, script]) => [key, script.createCachedData()]);
      write(file, [...made, ...used, ...others.map((key) => [key, read(kept, key)]).filter(([, data]) => data !== undefined)]);
    } catch {
      // A folder that cannot be written, a full disk: the next run compiles again.
    }
  });
}

module.exports = { keepCompiledCode };
