using CommandLine;
using FirstFits.Verbs;

return new CommandApplication(
    "First fits: Density.Fit and other flows on densities that are known in closed form.",
    new TableVerb(),
    new FlowsVerb(),
    new EventsVerb()).RunProcess(UsualVerb.Complete(args, "table"));
