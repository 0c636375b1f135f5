'use strict';
/**
 * Makes `dist/` as the package is published (npm's `prepack`): compiled code without maps, and declarations. A checkout's commands compile
 * it again for themselves afterwards.
 */
const { createHash } = require('node:crypto');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { compilePackage, packageRoot } = require('../bin/compile.js');

const dist = path.join(packageRoot, 'dist');
fs.rmSync(dist, { recursive: true, force: true });
compilePackage();

// Maps name the sources by where they lay on this machine.
const manifestFile = path.join(dist, 'manifest.json');
const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));
const digests = {};
for (const name of Object.keys(manifest.files)) {
  const file = path.join(dist, name.replace(/\.tsx?$/, '.js'));
  const text = fs.readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=data:[^\n]*\n?$/, '\n');
  if (file.endsWith('.js')) fs.writeFileSync(file, text);
  digests[name] = createHash('sha256').update(text).digest('hex').slice(0, 16);
}
fs.writeFileSync(manifestFile, JSON.stringify({ version: manifest.version, files: digests }));

const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', path.join(__dirname, 'tsconfig.json')], { stdio: ['ignore', 2, 2] });
if (status !== 0) process.exit(status ?? 1);

// What the jobs of a project's pipeline run comes with the package, so that its lock file says which one.
const built = spawnSync(process.execPath, [path.join(__dirname, 'program.js'), '--out', path.join(dist, 'terrace.cjs')], {
  stdio: ['ignore', 2, 2],
});
process.exitCode = built.status ?? 1;
