using System.CommandLine;
using CommandLine;
using FactorizableFlow.Validation;

namespace FactorizableFlow.Verbs;

/// <summary>Flags that the verbs which validate share.</summary>
internal static class ValidationOptions
{
    public static Option<long?> Events() => CountOption.Create(
        "--n", "Fresh events a point. [default: the config's validation.events, or 200000]", minimum: 2);

    public static Option<bool> Check() => new("--check")
    {
        Description = "End with exit code 1 where a row is above its limit.",
    };

    public static Option<string> OutputFolder(string standard) => new("--out-dir")
    {
        Description = "Folder for the results; made where it does not exist.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => standard,
    };

    public static Option<string?> Limits()
    {
        string[] names = [.. ClosureLimits.All.Select(limits => limits.Name)];
        var option = new Option<string?>("--limits")
        {
            Description = "What closure is judged by: reference (the published study's models) or flowcore (20e-5 and 60e-5 nats). "
                + "[default: reference where the config's flows have the published settings, else flowcore]",
            HelpName = "NAME",
        };
        option.Validators.Add(result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!names.Contains(word))
                result.AddError($"--limits must be {string.Join(" or ", names)}, but it is '{word}'.");
        });
        return option;
    }
}
