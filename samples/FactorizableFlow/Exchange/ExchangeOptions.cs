using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FactorizableFlow.Application;
using FlowCore.Compute;
using FlowCore.Interop;

namespace FactorizableFlow.Exchange;

/// <summary>The flags for what a state dictionary does not say about its model, the same for every verb that reads one.</summary>
internal sealed class ExchangeOptions
{
    private static readonly StateDictionaryOptions _usual = StateDictionaryOptions.Usual;

    private readonly Option<double?> _bound = Number("--bound", "The splines act on (-B, B].", _usual.Bound);
    private readonly Option<double?> _slope = Number("--slope", "The smallest slope of splines; zuko 1.0.1 to 1.4.1 had 0.0001.", _usual.Slope);
    private readonly Option<double?> _affineSlope = Number("--affine-slope", "The smallest slope of affine transforms.", _usual.AffineSlope);

    private readonly Option<UnaryFunction?> _activation =
        ActivationOption("--activation", "The activation of the flow's networks.", _usual.Activation);

    private readonly Option<UnaryFunction?> _residualActivation =
        ActivationOption("--residual-activation", "The activation of a residual's networks.", _usual.ResidualActivation);

    private readonly Option<double?> _quadraticDamping =
        Number("--quadratic-damping", "The damping of a residual's quadratic terms.", _usual.QuadraticDamping);

    private readonly Option<double?> _crossTermDamping =
        Number("--cross-term-damping", "The damping of a residual's cross terms.", _usual.CrossTermDamping);

    private readonly Option<double?> _logDetSign =
        Number("--log-det-sign", "1, or -1 for a residual whose log-determinant is counted the other way.", _usual.LogDetSign);

    private readonly Option<StateTransformer?> _transformer =
        Choice<StateTransformer>("--transformer", "What a network's outputs are the parameters of, where their number says several things.");

    private readonly Option<StateBase?> _base =
        Choice<StateBase>("--base-kind", "What the base distribution is, where its tensors have numbers for names.");

    private readonly Option<string?> _key = new("--key")
    {
        Description = "Which model of a file of several: what stands before its tensors' names.",
        HelpName = "NAME",
    };

    private Option[] All =>
    [
        _bound, _slope, _affineSlope, _activation, _residualActivation, _quadraticDamping, _crossTermDamping, _logDetSign, _transformer, _base, _key,
    ];

    /// <summary>Adds the flags to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Add(option);
    }

    /// <summary>What the command line says; what it does not say stays open.</summary>
    /// <param name="parsed">The command line.</param>
    public StateDictionaryOptions Read(ParseResult parsed) => new()
    {
        Bound = parsed.GetValue(_bound),
        Slope = parsed.GetValue(_slope),
        AffineSlope = parsed.GetValue(_affineSlope),
        Activation = parsed.GetValue(_activation),
        ResidualActivation = parsed.GetValue(_residualActivation),
        QuadraticDamping = parsed.GetValue(_quadraticDamping),
        CrossTermDamping = parsed.GetValue(_crossTermDamping),
        LogDetSign = parsed.GetValue(_logDetSign),
        Transformer = parsed.GetValue(_transformer),
        Base = parsed.GetValue(_base),
        Key = parsed.GetValue(_key),
    };

    /// <summary>Says once what was assumed; nothing where everything was known.</summary>
    /// <param name="reporter">Where to say it.</param>
    /// <param name="path">The file.</param>
    /// <param name="assumptions">What was assumed.</param>
    public static void Report(ConsoleReporter reporter, string path, IReadOnlyList<StateAssumption> assumptions)
    {
        if (assumptions.Count > 0)
            reporter.Line($"{path} does not say, and so was assumed: {Text(assumptions)}.");
    }

    /// <summary>Assumptions in a line.</summary>
    /// <param name="assumptions">What was assumed.</param>
    public static string Text(IReadOnlyList<StateAssumption> assumptions) => string.Join("; ", assumptions.Distinct().Select(Text));

    private static string Text(StateAssumption assumption) =>
        $"{assumption.Subject} {assumption.Value} ({Flag(assumption.Option)}{(assumption.Remark is null ? "" : $"; {assumption.Remark}")})";

    // The flags are called as the properties are, with hyphens, but for the one that names files elsewhere.
    private static string Flag(string option) => option == nameof(StateDictionaryOptions.Base)
        ? "--base-kind"
        : "-" + string.Concat(option.Select(letter => char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static Option<double?> Number(string name, string description, double? usual) => new(name)
    {
        Description = $"{description} [default: what the file states, else {usual!.Value.ToString(CultureInfo.InvariantCulture)}]",
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            var word = Word(result);
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
                return value;

            result.AddError($"{name} must be a number, but it is '{word}'.");
            return null;
        },
    };

    private static Option<UnaryFunction?> ActivationOption(string name, string description, UnaryFunction? usual) => new(name)
    {
        Description = $"{description} One of {string.Join(", ", UnaryFunction.All)}. [default: what the file states, else {usual}]",
        HelpName = "NAME",
        CustomParser = result =>
        {
            var word = Word(result);
            if (UnaryFunction.TryParse(word, out var function, StringComparison.OrdinalIgnoreCase))
                return function;

            result.AddError($"{name} must be one of {string.Join(", ", UnaryFunction.All)}, but it is '{word}'.");
            return null;
        },
    };

    private static Option<TName?> Choice<TName>(string name, string description)
        where TName : struct, Enum => new(name)
        {
            Description = $"{description} One of {string.Join(", ", Enum.GetNames<TName>())}.",
            HelpName = "NAME",
            CustomParser = result =>
            {
                var word = Word(result);
                foreach (var value in Enum.GetValues<TName>())
                {
                    if (value.ToString().Equals(word, StringComparison.OrdinalIgnoreCase))
                        return value;
                }

                result.AddError($"{name} must be one of {string.Join(", ", Enum.GetNames<TName>())}, but it is '{word}'.");
                return null;
            },
        };

    private static string Word(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
