using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowCore.Compute;
using FlowCore.Flows;
using FlowCore.Interop;

namespace FactorizableFlow.Exchange;

/// <summary>The flags for what a state dictionary does not say about its model; the defaults are zuko's and the factorizable reference's.</summary>
internal sealed class ExchangeOptions
{
    private readonly Option<double> _bound = Number("--bound", "The splines act on (-B, B].", StateDictionaryOptions.Default.Bound);
    private readonly Option<double> _slope = Number("--slope", "The smallest slope of splines and affine transforms.", StateDictionaryOptions.Default.Slope);

    private readonly Option<UnaryFunction> _activation =
        ActivationOption("--activation", "The activation of the flow's networks.", StateDictionaryOptions.Default.Activation);

    private readonly Option<UnaryFunction> _residualActivation =
        ActivationOption("--residual-activation", "The activation of a residual's networks.", StateDictionaryOptions.Default.ResidualActivation);

    private readonly Option<double> _quadraticDamping =
        Number("--quadratic-damping", "The damping of a residual's quadratic terms.", StateDictionaryOptions.Default.QuadraticDamping);

    private readonly Option<double> _crossTermDamping =
        Number("--cross-term-damping", "The damping of a residual's cross terms.", StateDictionaryOptions.Default.CrossTermDamping);

    private readonly Option<double> _logDetSign =
        Number("--log-det-sign", "1, or -1 for a residual whose log-determinant is counted the other way.", StateDictionaryOptions.Default.LogDetSign);

    /// <summary>Adds the flags to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_bound, _slope, _activation, _residualActivation, _quadraticDamping, _crossTermDamping, _logDetSign])
            command.Add(option);
    }

    /// <summary>What the command line says.</summary>
    /// <param name="parsed">The command line.</param>
    public StateDictionaryOptions Read(ParseResult parsed) => new()
    {
        Bound = parsed.GetValue(_bound),
        Slope = parsed.GetValue(_slope),
        Activation = parsed.GetRequiredValue(_activation),
        ResidualActivation = parsed.GetRequiredValue(_residualActivation),
        QuadraticDamping = parsed.GetValue(_quadraticDamping),
        CrossTermDamping = parsed.GetValue(_crossTermDamping),
        LogDetSign = parsed.GetValue(_logDetSign),
    };

    private static Option<double> Number(string name, string description, double standard) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var word = Word(result);
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
                return value;

            result.AddError($"{name} must be a number, but it is '{word}'.");
            return standard;
        },
    };

    private static Option<UnaryFunction> ActivationOption(string name, string description, UnaryFunction standard) => new(name)
    {
        Description = $"{description} One of {string.Join(", ", UnaryFunction.All)}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var word = Word(result);
            if (UnaryFunction.TryParse(word, out var function, StringComparison.OrdinalIgnoreCase))
                return function;

            result.AddError($"{name} must be one of {string.Join(", ", UnaryFunction.All)}, but it is '{word}'.");
            return standard;
        },
    };

    private static string Word(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
