using CommandLine;
using Responses;

return new CommandApplication("How well flowcore fit-response closes where the density is known at every ν.", new ClosureVerb()).RunProcess(args);
