using FactorizableFlow.Application;

// The console's own writers are replaced as well, because the library of bars and tables recognises the terminal by them.
var output = new GuardedWriter(Console.Out);
var error = new GuardedWriter(Console.Error);
Console.SetOut(output);
Console.SetError(error);
using var interrupt = new InterruptSource();
var code = StudyApplication.Run(args, ConsoleReporter.ForProcess(), Console.Out, Console.Error, interrupt.Token, interrupt);
if (output.Problem is not { } problem)
    return code;
Console.Error.WriteLine($"Standard output could not be written ({problem}); what else there was to do is done.");
return code == ExitCode.Success ? ExitCode.Failure : code;
