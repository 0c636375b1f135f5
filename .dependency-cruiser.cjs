'use strict';
// The house of docs/architecture.md: data flows from stacks to the tool, and nothing looks back. Cycles are oxlint's (import/no-cycle),
// which tells types from values.
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'terrace-knows-no-system',
      severity: 'error',
      from: { path: '^terrace/' },
      to: { path: '^(stacks|modules|envcommon|main\\.ts)' },
    },
    {
      name: 'modules-know-no-system',
      severity: 'error',
      from: { path: '^modules/' },
      to: { path: '^(stacks|envcommon|backend|terrace|main\\.ts)', pathNot: '^terrace/(errors|tree/)' },
    },
    {
      name: 'envcommon-knows-no-system',
      severity: 'error',
      from: { path: '^envcommon/' },
      to: { path: '^(stacks|modules|backend|main\\.ts)' },
    },
    { name: 'backend-knows-no-system', severity: 'error', from: { path: '^backend/' }, to: { path: '^(stacks|envcommon|main\\.ts)' } },
    { name: 'systems-are-apart', severity: 'error', from: { path: '^stacks/([^/]+)/' }, to: { path: '^stacks/', pathNot: '^stacks/$1/' } },
    {
      name: 'no-provider-barrel',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/@cdktf/provider-(?!generator)[a-z]+/lib/index\\.(js|d\\.ts)$' },
    },
    { name: 'product-imports-no-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules|^\\.gen' },
    exclude: { path: '^(live|cdktf\\.out|\\.terrace|\\.sandbox|terrace/dist)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};
