using System.Globalization;
using ContinuousSample;

// One study a call; errors are one sentence.
const string Usage = "moons | sphere | first, the first two with --out <folder> --steps <n>";
try
{
    var (folder, steps) = (Path.Combine("docs", "figures", "continuous"), (int?)null);
    for (var i = 1; i < args.Length; i += 2)
    {
        if (args[i] == "--out" && i + 1 < args.Length)
            folder = args[i + 1];
        else if (args[i] == "--steps" && i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var given) && given > 0)
            steps = given;
        else
            throw new ArgumentException($"Expected {Usage}, got {args[i]}.");
    }

    switch (args)
    {
        case ["moons", ..]:
            MoonStudy.Run(folder, steps ?? 20_000, Console.Out);
            return 0;
        case ["sphere", ..]:
            SphereStudy.Run(folder, steps ?? 12_000, Console.Out);
            return 0;
        case ["first"]:
            FirstFlow.Run(Moons.Draw(4096, 1), 200, "moons.safetensors", Console.Out);
            return 0;
        default:
            throw new ArgumentException($"Expected {Usage}.");
    }
}
catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
