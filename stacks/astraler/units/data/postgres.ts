import { declareOutputs, number, text } from 'terrace';

import { PostgresProject } from '../../../../modules/supabase/postgres';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';

const outputs = declareOutputs({
  projectRef: text('abcdefghijklmnopqrst'),
  url: text('https://abcdefghijklmnopqrst.supabase.co'),
  poolSize: number(20),
});

/** Singapore, where the customers are. */
export const databaseRegion = 'ap-southeast-1';

/** The database: a Supabase project of the environment's own. */
export class PostgresUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    this.useSupabase();
    const { poolSize, instanceSize } = this.sizes;
    const { project } = new PostgresProject(this, 'postgres', {
      name: this.prefix,
      organizationId: this.variable('supabase_organization_id', { description: 'Slug of the Supabase organization' }).stringValue,
      region: databaseRegion,
      password: this.secret('supabase_database_password', 'Password of the postgres role; the application does not use it'),
      size: instanceSize,
      poolSize,
      siteUrl: `https://${this.environment.hostname}`,
      protect: this.environment.protect,
    });
    this.outputs({ projectRef: project.id, url: `https://${project.id}.supabase.co`, poolSize });
  }
}
