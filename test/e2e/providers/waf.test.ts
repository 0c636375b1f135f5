import { expect } from '@jest/globals';

import { aws, behaviours } from './_suite';
import { unwrapped } from './_unit';

const visibility = (name: string): string => `visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "${name}"
    sampled_requests_enabled   = false
  }`;

const webAcl = (rules: string): string => `resource "aws_wafv2_web_acl" "one" {
  name  = "one"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  ${visibility('one')}
${rules}
}
`;

const acl = (limit: number): string => `${aws}
resource "aws_wafv2_ip_set" "known" {
  name               = "known"
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = ["192.0.2.0/24"]
}
${webAcl(`  rule {
    name     = "rate"
    priority = 1
    action {
      block {}
    }
    statement {
      rate_based_statement {
        limit = ${limit}
        scope_down_statement {
          not_statement {
            statement {
              ip_set_reference_statement {
                arn = aws_wafv2_ip_set.known.arn
              }
            }
          }
        }
      }
    }
    ${visibility('rate')}
  }
  dynamic "rule" {
    for_each = ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesSQLiRuleSet"]
    content {
      name     = rule.value
      priority = rule.key + 10
      override_action {
        none {}
      }
      statement {
        managed_rule_group_statement {
          name        = rule.value
          vendor_name = "AWS"
          rule_action_override {
            name = "SizeRestrictions_BODY"
            action_to_use {
              count {}
            }
          }
        }
      }
      ${visibility('managed')}
    }
  }
  rule {
    name     = "deep"
    priority = 2
    action {
      count {}
    }
    statement {
      and_statement {
        statement {
          or_statement {
            statement {
              not_statement {
                statement {
                  geo_match_statement {
                    country_codes = ["DE", "AT"]
                  }
                }
              }
            }
            statement {
              byte_match_statement {
                positional_constraint = "STARTS_WITH"
                search_string         = "/admin"
                field_to_match {
                  uri_path {}
                }
                text_transformation {
                  priority = 0
                  type     = "LOWERCASE"
                }
              }
            }
          }
        }
        statement {
          label_match_statement {
            key   = "awswaf:known"
            scope = "LABEL"
          }
        }
      }
    }
    ${visibility('deep')}
  }`)}`;

const statementOf = (statement: string): string => `${aws}
${webAcl(`  rule {
    name     = "geo"
    priority = 1
    action {
      block {}
    }
    statement {
      ${statement}
    }
    ${visibility('geo')}
  }`)}`;
const nestedGeo = `not_statement {
        statement {
          geo_match_statement {
            country_codes = ["FR"]
          }
        }
      }`;

interface Rule {
  readonly name: string;
  readonly statement: readonly Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>[];
}

const ruleOf = (resource: Readonly<Record<string, unknown>> | undefined, name: string): Rule | undefined =>
  (resource?.['rule'] as readonly Rule[] | undefined)?.find((rule) => rule.name === name);

behaviours([
  {
    name: 'the rules of a web ACL are blocks, nested and dynamic ones too, and change in place',
    run: async (unit) => {
      await unit.applied(acl(1000));
      const one = (await unit.resources())['aws_wafv2_web_acl.one'];
      expect(one?.['rule']).toHaveLength(4);
      const rate = ruleOf(one, 'rate')?.statement[0]?.['rate_based_statement']?.[0];
      expect(rate).toMatchObject({
        limit: 1000,
        aggregate_key_type: 'IP',
        evaluation_window_sec: 300,
        scope_down_statement: [{ not_statement: [{ statement: [{ ip_set_reference_statement: [{}] }] }] }],
      });
      expect((await unit.plan()).exitCode).toBe(0);
      unit.write(acl(2000));
      expect((await unit.plan()).output).toContain('0 to add, 1 to change, 0 to destroy');
    },
  },
  {
    name: 'a web ACL changes from single statements to nested ones and back, with one saved plan each',
    run: async (unit) => {
      const [single, nested] = [statementOf('geo_match_statement {\n country_codes = ["DE"]\n }'), statementOf(nestedGeo)];
      for (const text of [single, nested, single]) {
        await unit.applied(text);
        expect((await unit.plan()).exitCode).toBe(0);
      }
      const one = (await unit.resources())['aws_wafv2_web_acl.one'];
      expect(ruleOf(one, 'geo')?.statement[0]?.['geo_match_statement']).toMatchObject([{ country_codes: ['DE'] }]);
    },
  },
  {
    name: 'the rules of a web ACL in JSON are the same, with and without lists around single blocks',
    run: async (unit) => {
      const managed = { name: 'AWSManagedRulesCommonRuleSet', vendor_name: 'AWS' };
      const json = (statement: object): string =>
        JSON.stringify({
          terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
          provider: { aws: { region: 'eu-central-1' } },
          resource: {
            aws_wafv2_web_acl: {
              one: {
                name: 'one',
                scope: 'REGIONAL',
                default_action: { allow: {} },
                visibility_config: { cloudwatch_metrics_enabled: true, metric_name: 'one', sampled_requests_enabled: true },
                rule: [
                  {
                    name: 'managed',
                    priority: 1,
                    override_action: { none: {} },
                    statement,
                    visibility_config: { cloudwatch_metrics_enabled: true, metric_name: 'managed', sampled_requests_enabled: true },
                  },
                ],
              },
            },
          },
        });
      await unit.applied({ 'main.tf.json': json({ managed_rule_group_statement: managed }) });
      const one = (await unit.resources())['aws_wafv2_web_acl.one'];
      expect(ruleOf(one, 'managed')?.statement[0]?.['managed_rule_group_statement']?.[0]).toMatchObject(managed);
      unit.write({ 'main.tf.json': json([{ managed_rule_group_statement: [managed] }]) });
      expect((await unit.plan()).exitCode).toBe(0);
      unit.write({ 'main.tf.json': json({ managed_rule_group_statment: managed }) });
      expect(unwrapped((await unit.plan()).output)).toContain('managed_rule_group_statment');
    },
  },
  {
    name: 'a rule group takes rules as blocks, but no managed rule group among them',
    run: async (unit) => {
      const group = (statement: string): string => `${aws}
resource "aws_wafv2_rule_group" "one" {
  name     = "one"
  scope    = "REGIONAL"
  capacity = 10
  ${visibility('one')}
  rule {
    name     = "rule"
    priority = 1
    action {
      block {}
    }
    statement {
      ${statement}
    }
    ${visibility('rule')}
  }
}
`;
      await unit.applied(
        group(
          'sqli_match_statement {\n field_to_match {\n body {}\n }\n text_transformation {\n priority = 1\n type = "URL_DECODE"\n }\n }',
        ),
      );
      expect((await unit.plan()).exitCode).toBe(0);
      unit.write(group('managed_rule_group_statement {\n name = "x"\n vendor_name = "AWS"\n }'));
      expect((await unit.plan()).output).toContain('Blocks of type "managed_rule_group_statement" are not expected here');
    },
  },
]);
