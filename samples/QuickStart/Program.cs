using QuickStart;

var programs = new (string Name, Action Run)[]
{
    ("fit", () => FitAndSample.Run()),
    ("supports", () => FitWithSupports.Run()),
    ("conditional", () => ConditionalDensity.Run()),
    ("weights", () => OwnWeightsAndLoss.Run()),
    ("loop", () => OwnTrainingLoop.Run()),
    ("expectation", () => GradientOfExpectation.Run()),
    ("transform", () => OwnTransform.Run()),
    ("factorizable", () => FactorizableOnArrays.Run()),
    ("response", () => ResponseFromTemplates.Run()),
    ("frozen", () => FrozenParts.Run()),
    ("target", () => TargetWithoutSamples.Run()),
};
var names = string.Join(", ", programs.Select(program => program.Name));
if (args is ["--help" or "-h"])
{
    Console.WriteLine($"Usage: QuickStart PROGRAM{Environment.NewLine}The programs of docs/quickstart.md: {names}.");
    return 0;
}

var chosen = args.Length == 1 ? Array.FindIndex(programs, program => program.Name == args[0]) : -1;
if (chosen < 0)
{
    Console.Error.WriteLine($"Expected the name of a program ({names}), got '{string.Join(' ', args)}'.");
    return 2;
}

programs[chosen].Run();
return 0;
