/** Options of Node for a process that builds the source: cdktf 0.21 asks `util.isArray`, of which Node warns from version 22 on (DEP0044). */
export const quietly = ['--disable-warning=DEP0044'] as const;
