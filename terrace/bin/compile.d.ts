/** Compiles the package's own sources where there are any; gives the number of files compiled. */
export function compilePackage(): number;
/** Compiles a project's sources, with the bindings that it generates; gives the folder of the compiled modules. */
export function compileProject(root: string): string;
