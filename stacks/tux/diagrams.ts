import { type Diagram, type DiagramPage, draw, type Infrastructure, type PageSection } from 'terrace/diagram';

import { Estate } from './pictures/estate';
import { dependencies, network, overview } from './pictures/infrastructure';
import { processDiagram } from './pictures/processes';
import { ansibleProcess, backupProcess, monitoringProcess, pipelineProcess, securityProcess, serviceProcess } from './topology/processes';

/** The page of pictures of the system: those of infrastructure from the synthesized model, those of processes from the data they run on. */
export function pages(graph: Infrastructure): readonly DiagramPage[] {
  const production = new Estate(graph, 'production');
  const selected = new Set(graph.units.map(({ unit }) => unit.path).filter((path) => path.startsWith('tux/production/')));
  const section = (text: string, asset: string, diagram: Diagram): PageSection => ({
    heading: diagram.title,
    text,
    asset: `docs/assets/${asset}.svg`,
    diagram,
  });
  return [
    {
      path: 'docs/infrastructure/diagrams.md',
      title: 'Infrastructure Diagrams',
      introduction: 'This page contains automatically generated diagrams of the infrastructure architecture.',
      sections: [
        {
          ...section(
            'The following diagram is generated from the Terraform configuration and shows the relationships between all resources of production.',
            'infrastructure',
            draw(graph, 'resource', { selected, whole: true }),
          ),
          heading: 'Terraform Graph',
        },
        section('Drawn from the resources of production, the host firewalls and the pipeline.', 'tux-overview', overview(production)),
        section(
          'Drawn from the stages of the pipeline; the jobs are those of `.github/workflows/tux.yml`.',
          'tux-pipeline',
          processDiagram(pipelineProcess),
        ),
        section('Drawn from the resources of production; ports are those of the host firewalls.', 'tux-network', network(production)),
        section(
          'Drawn from the services that Compose, the roles and the firewalls are made from.',
          'tux-services',
          processDiagram(serviceProcess),
        ),
        section(
          'Drawn from the playbooks: what imports what, and which roles each applies.',
          'tux-ansible',
          processDiagram(ansibleProcess),
        ),
        section('Drawn from the references between the resources of production.', 'tux-dependencies', dependencies(production)),
        section('Drawn from the collectors of the monitoring server.', 'tux-monitoring', processDiagram(monitoringProcess)),
        section('Drawn from the list of measures; each names what provides it.', 'tux-security', processDiagram(securityProcess)),
        section('Drawn from the backup jobs.', 'tux-backup', processDiagram(backupProcess)),
      ],
      related: [
        { title: 'Infrastructure Overview', href: 'overview.md' },
        { title: 'Terraform Modules', href: 'terraform.md' },
        { title: 'CLI Tools', href: '../automation/cli-tools.md' },
      ],
    },
  ];
}
