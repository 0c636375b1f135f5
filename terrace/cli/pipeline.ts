import { runCommandLine } from './command-line';
import { pipelineCommands } from './commands/pipeline';

/** Entry of the program in one file, which a pipeline's privileged jobs run: it loads nothing of a project's source. */
void runCommandLine(process.argv, { commands: pipelineCommands, source: false });
