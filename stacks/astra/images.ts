/** Where the pipelines of the two services push, and the official database image. */
export const repositories = { frontend: 'docker.io/astraplus/frontend', backend: 'docker.io/astraplus/backend' } as const;

export const postgresImage = 'docker.io/library/postgres:17.6';
