using FlowCore.Cli;

return CliApplication.RunProcess(args);
