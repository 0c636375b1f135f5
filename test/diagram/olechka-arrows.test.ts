import { readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';
import { messagesOf } from 'terrace/diagram';
import { parse } from 'yaml';

import { pages } from '../../stacks/olechka/diagrams';
import { stages } from '../../stacks/olechka/pictures/stages';
import { workflowSequence } from '../../stacks/olechka/pictures/workflow';
import { olechka } from '../../stacks/olechka/system';
import { layout, pageWidth } from '../../terrace/diagram/layout/layout';
import { projectRoot } from '../_helpers/project-root';
import { collisions } from './_collisions';
import { arrowsOf, changedUnit, drawn, synthesizedSystem, type SystemJson } from './_system-graph';

/** The arrows of the system's document, by the heading they stand under. */
const documented: Readonly<Record<string, string>> = {
  'Complete System Architecture': `
    DEV GIT, GIT REPO, REPO ACTIONS, ACTIONS DETECT, DETECT VALIDATE, VALIDATE PLAN, PLAN REVIEW, REVIEW APPLY, ACTIONS OIDC, OIDC ROLE,
    ROLE S3, ROLE DYNAMO, APPLY VPC, APPLY ECS, APPLY RDS, APPLY KMS, ALB ECS, ECS RDS, ECS S3DATA, ECS CACHE, ECS SM, SM KMS, ECS CW,
    ECS XRAY, ALB WAF, SECRETS ACTIONS`,
  'Environment-Specific Configuration': `
    ROOT DEV_CFG, ROOT STAGE_CFG, ROOT PROD_CFG, DEV_CFG EU, DEV_CFG AP, EU MODULES, AP MODULES, COMMON MODULES, MODULES DEV_INFRA,
    MODULES STAGE_INFRA, MODULES PROD_INFRA`,
  'Key Metrics and Monitoring': `
    APP LOGS, INFRA METRICS, CUSTOM METRICS, METRICS ALARMS, ALARMS SNS, SNS SLACK, SNS EMAIL, APP TRACE, TRACE MAP, MAP PERF, LOGS OPS,
    METRICS EXEC, PERF DEV`,
};
const headings = Object.keys(documented);
const arrows = (heading: string): string[] => (documented[heading] ?? '').trim().split(/,\s+/).sort();

let system: SystemJson;
beforeAll(async () => {
  system = await synthesizedSystem('olechka', olechka);
});

test.each(headings)('%s draws exactly the arrows of the document', (heading) => {
  expect(arrowsOf(drawn(pages, system, heading))).toEqual(arrows(heading));
});

test('the run of the pipeline says what the document says, in its order', () => {
  expect(messagesOf(workflowSequence().steps).map(({ from, to }) => `${from} ${to}`)).toEqual(
    `Dev GH, GH GHA, GHA GHA, GHA GHA, GHA AWS, AWS GHA, GHA TF, GHA TF, GHA GHA, GHA GHA, GHA TF, TF AWS, AWS TF, GHA TF, TF GHA, GHA GH,
    GHA GHA, GHA Dev, Dev GHA, GHA TF, TF AWS, TF Infra, Infra TF, TF AWS, TF AWS, TF GHA, GHA Dev`.split(/,\s+/),
  );
});

test('every stage is a job of the workflow or of the round that it calls', () => {
  const jobsOf = (file: string): readonly string[] =>
    Object.keys(parse(readFileSync(path.join(projectRoot, '.github/workflows', file), 'utf8')).jobs);
  const [own, round] = [jobsOf('olechka.yml'), jobsOf('_round.yml')];
  for (const stage of stages) {
    for (const job of stage.jobs) expect(own).toContain(job);
    for (const job of stage.round) expect(round).toContain(job);
  }
  expect(round).toContain('notify');
});

test.each(headings)('in %s nothing lies over anything, and it can be read at the width of a page', async (heading) => {
  const picture = await layout(drawn(pages, system, heading));
  expect(collisions(picture)).toEqual([]);
  expect(picture.width).toBeLessThanOrEqual(pageWidth * 1.3);
});

test('an arrow goes with the resource that it stands for', () => {
  const without = ['eu-central-1', 'ap-southeast-1'].reduce(
    (json, region) =>
      changedUnit(json, `olechka/production/${region}/security/waf`, (unit) => {
        delete unit['resource']?.['aws_wafv2_web_acl_association'];
      }),
    system,
  );
  const left = arrowsOf(drawn(pages, without, 'Complete System Architecture'));
  expect(arrows('Complete System Architecture').filter((arrow) => !left.includes(arrow))).toEqual(['ALB WAF']);
});
