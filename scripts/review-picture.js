'use strict';
/**
 * `node scripts/review-picture.js`: makes docs/assets/review.png and review-dark.png anew. In a clone of the last commit, with a sandbox of its
 * own, a part of olechka is applied; then its cache subnets get other addresses and a role may do more, and the change is planned and
 * reviewed. Needs terraform, and chromium on PATH (`scripts/setup-ci.sh`).
 */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { compilePackage } = require('../terrace/bin/compile.js');

const root = path.resolve(__dirname, '..');
const region = 'olechka/dev/eu-central-1';
const selectors = [`...${region}/storage/elasticache`, `...${region}/network/endpoints`];
/** Columns and rows of the picture: the first screen of a page. */
const size = { width: 1180, height: 1120 };

/** What the change does: file, what stands there, what takes its place. */
const edits = [
  ['envcommon/network.ts', "name: 'cache', octet: 211", "name: 'cache', octet: 221"],
  ['modules/aws/flow-logs.ts', "'logs:PutLogEvents'", "'logs:PutLogEvents', 'logs:DeleteLogStream'"],
];

function clone(project) {
  execFileSync('git', ['clone', '--quiet', root, project]);
  compilePackage();
  require(path.join(root, 'terrace', 'dist', 'git', 'link-packages')).linkPackages(root, project);
  fs.cpSync(path.join(root, '.gen'), path.join(project, '.gen'), { recursive: true, preserveTimestamps: true });
  const git = (...args) => execFileSync('git', args, { cwd: project, stdio: 'inherit' });
  git('config', 'user.name', 'Ana');
  git('config', 'user.email', 'ana@example.com');
  return git;
}

function bundlePage(project) {
  const git = clone(project);
  const program = path.join(project, 'terrace', 'bin', 'terrace.js');
  const printed = (args, env = process.env) =>
    execFileSync(process.execPath, [program, ...args], { cwd: project, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  printed(['synth', 'olechka/dev']);
  const env = { ...process.env, ...JSON.parse(printed(['sandbox', 'env', '--json'])).variables };
  try {
    printed(['backend', 'bootstrap', 'olechka/dev', '--yes'], env);
    printed(['deploy', ...selectors, '--auto-approve'], env);
    for (const [file, before, after] of edits) {
      const at = path.join(project, file);
      const text = fs.readFileSync(at, 'utf8');
      if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
      fs.writeFileSync(at, text.replace(before, after));
    }
    git('commit', '--quiet', '--all', '--message', 'Give the cache subnets other addresses, and let flow logs be tidied up');
    printed(['plan', '--affected', 'HEAD~1', ...selectors, '--out', 'bundle'], env);
    printed(['review', 'bundle', '--html', 'review.html'], env);
    return path.join(project, 'review.html');
  } finally {
    printed(['sandbox', 'stop'], env);
  }
}

async function photograph(page) {
  const { chromium } = require('playwright-core');
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const [colorScheme, name] of [
      ['light', 'review.png'],
      ['dark', 'review-dark.png'],
    ]) {
      const opened = await browser.newPage({ viewport: size, colorScheme });
      await opened.goto(pathToFileURL(page).href);
      await opened.screenshot({ path: path.join(root, 'docs', 'assets', name) });
    }
  } finally {
    await browser.close();
  }
}

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'terrace-picture-'));
  try {
    const page = bundlePage(path.join(folder, 'project'));
    fs.mkdirSync(path.join(root, '.terrace'), { recursive: true });
    fs.copyFileSync(page, path.join(root, '.terrace', 'review-picture.html'));
    await photograph(page);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

void main();
