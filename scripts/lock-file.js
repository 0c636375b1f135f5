'use strict';
/**
 * `npm run lock`: writes package-lock.json anew from package.json, and completes it. A registry mirror may hold the binaries of some platforms
 * only; npm then leaves the others out of the lock file, and refuses it at the next `npm ci`. Here they are added with their versions, so
 * that the lock file is whole on every platform. Their integrity is unknown then, and npm fills it in where it can.
 */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const file = path.join(__dirname, '..', 'package-lock.json');
const systems = new Set(['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']);
const processors = ['arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64', 'arm'];

/** Whether node would find a package from a folder of the lock file. */
function isFound(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    if (packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}

/** The lock file with every optional package of another platform; pure. */
function complete(lock) {
  const packages = { ...lock.packages };
  for (const [from, entry] of Object.entries(lock.packages))
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isFound(packages, from, name)) continue;
      const words = name.split(/[-/@]/);
      const os = words.find((word) => systems.has(word));
      const cpu = processors.find((one) =>
        words.some((word) => word === one || (one === 'arm' && word.startsWith('arm') && word !== 'arm64')),
      );
      if (os === undefined || cpu === undefined) continue;
      packages[`node_modules/${name}`] = {
        version: version.replace(/^[~^]/, ''),
        cpu: [cpu],
        ...(entry.dev === true ? { dev: true } : {}),
        ...(entry.license === undefined ? {} : { license: entry.license }),
        optional: true,
        os: [os],
      };
    }
  return { ...lock, packages: Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))) };
}

/** The lock file with the integrity that an earlier one gives for the same version of the same package; pure. */
function keepIntegrity(lock, earlier) {
  const known = (name, { version, integrity }) => {
    const before = earlier.packages?.[name];
    return integrity === undefined && before?.integrity !== undefined && before.version === version ? { integrity: before.integrity } : {};
  };
  return {
    ...lock,
    packages: Object.fromEntries(Object.entries(lock.packages).map(([name, entry]) => [name, { ...entry, ...known(name, entry) }])),
  };
}

module.exports = { complete, keepIntegrity };
if (require.main === module) {
  const earlier = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  fs.rmSync(file, { force: true });
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: path.dirname(file),
    stdio: 'inherit',
  });
  fs.writeFileSync(file, `${JSON.stringify(keepIntegrity(complete(JSON.parse(fs.readFileSync(file, 'utf8'))), earlier), null, 2)}\n`);
}
