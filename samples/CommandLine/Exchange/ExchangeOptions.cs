using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowCore.Compute;
using FlowCore.Interop;
using FlowCore.Transforms;

namespace CommandLine.Exchange;

/// <summary>The flags for what a state dictionary does not say about its model, the same for every verb that reads one.</summary>
public sealed class ExchangeOptions
{
    private const string ScaleWords = "nflows, general (glasflow: wide), logK as in log3 (glasflow), exp, sigmoid, sigmoid_inv (normflows)";

    private static readonly StateDictionaryOptions _usual = StateDictionaryOptions.Usual;

    private readonly Option<double?> _bound = Number("--bound", "The splines act on (-B, B]; nflows has 1 by itself, normflows 3.", _usual.Bound);
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

    private readonly Option<double?> _softclipBound = Number("--softclip-bound", "The bound between the transforms of a NAF, UNAF or SOSPF.", _usual.SoftclipBound);
    private readonly Option<double?> _squeeze = Number("--squeeze", "The squeeze of the mixtures of a GF.", _usual.Squeeze);
    private readonly Option<int?> _degree = Count("--degree", "The degree of the polynomials of a sum-of-squares flow (SOSPF).");
    private readonly Option<int?> _components = Count("--components", "The components of a mixture (GMM) whose parameters a network gives.");

    private readonly Option<StateCovariance?> _covariance =
        Choice<StateCovariance>("--covariance", "The covariances of such a mixture.");

    private readonly Option<StateLibrary?> _library =
        Choice<StateLibrary>("--library", "Whose tensors they are, where a single layer does not tell.");

    private readonly Option<StateSpline?> _spline =
        Choice<StateSpline>("--spline", "Which splines the networks of nflows, glasflow and normflows give the parameters of; rq is the first.", ("rq", StateSpline.RationalQuadratic));

    private readonly Option<SplineTails?> _tails =
        Choice<SplineTails>("--tails", "What is outside of the interval of such splines.");

    private readonly Option<AffineSettings?> _scale = new("--scale")
    {
        Description = $"The scale of affine couplings of nflows, glasflow and normflows. One of {ScaleWords}.",
        HelpName = "NAME",
        CustomParser = result =>
        {
            var word = Word(result);
            if (ScaleOf(word) is { } scale)
                return scale;

            result.AddError($"--scale must be one of {ScaleWords}, but it is '{word}'.");
            return null;
        },
    };

    private readonly Option<int[]?> _circular = new("--circular")
    {
        Description = "Which features of normflows' circular splines are angles, as 0,2; none for no feature.",
        HelpName = "LIST",
        CustomParser = result =>
        {
            var word = Word(result);
            if (word.Equals("none", StringComparison.OrdinalIgnoreCase))
                return [];

            var features = new List<int>();
            foreach (var part in word.Split(','))
            {
                if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var feature))
                    features.Add(feature);
            }

            if (features.Count == word.Count(letter => letter == ',') + 1)
                return [.. features];

            result.AddError($"--circular must be numbers of features such as 0,2, or none, but it is '{word}'.");
            return null;
        },
    };

    private readonly Option<string?> _layers = new("--layers")
    {
        Description = "What each layer of nflows or normflows is, where some have no tensors: * for one that has, else its name, as in exp,*,*.",
        HelpName = "LIST",
    };

    private readonly Option<(int Height, int Width)?> _pixels = new("--pixels")
    {
        Description = "The rows and columns of the arrays whose channels nflows' layers transform, as 8x8.",
        HelpName = "HxW",
        CustomParser = result =>
        {
            var word = Word(result);
            var sizes = word.Split('x', 'X');
            if (sizes.Length == 2 && int.TryParse(sizes[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
                && int.TryParse(sizes[1], NumberStyles.None, CultureInfo.InvariantCulture, out var width))
            {
                return (height, width);
            }

            result.AddError($"--pixels must be rows and columns such as 8x8, but it is '{word}'.");
            return null;
        },
    };

    private readonly Option<StateBase?> _base =
        Choice<StateBase>("--base-kind", "What the base distribution is, where its tensors have numbers for names.");

    private readonly Option<string?> _key = new("--key")
    {
        Description = "Which model of a file of several: what stands before its tensors' names.",
        HelpName = "NAME",
    };

    private Option[] All =>
    [
        _bound, _slope, _affineSlope, _activation, _residualActivation, _quadraticDamping, _crossTermDamping, _logDetSign, _transformer, _softclipBound, _squeeze, _degree, _components, _covariance,
        _library, _spline, _tails, _scale, _circular, _layers, _pixels, _base, _key,
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
        SoftclipBound = parsed.GetValue(_softclipBound),
        Squeeze = parsed.GetValue(_squeeze),
        Degree = parsed.GetValue(_degree),
        Components = parsed.GetValue(_components),
        Covariance = parsed.GetValue(_covariance),
        Library = parsed.GetValue(_library),
        Spline = parsed.GetValue(_spline),
        Tails = parsed.GetValue(_tails),
        Scale = parsed.GetValue(_scale),
        Circular = parsed.GetResult(_circular) is null ? null : parsed.GetValue(_circular),
        Layers = parsed.GetValue(_layers)?.Split(','),
        Pixels = parsed.GetValue(_pixels),
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

    private static Option<int?> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            var word = Word(result);
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return value;

            result.AddError($"{name} must be a whole number, but it is '{word}'.");
            return null;
        },
    };

    private static AffineSettings? ScaleOf(string word)
    {
        const string Log = "log";
        switch (word.ToLowerInvariant().Replace('-', '_'))
        {
            case "nflows":
                return AffineSettings.NflowsCoupling;
            case "general" or "wide" or "nflows_general":
                return AffineSettings.NflowsGeneral;
            case "exp":
                return new AffineSettings();
            case "sigmoid":
                return AffineSettings.NormflowsSigmoid;
            case "sigmoid_inv":
                return AffineSettings.NormflowsInverseSigmoid;
            default:
                var isReach = word.StartsWith(Log, StringComparison.OrdinalIgnoreCase)
                    & double.TryParse(word.AsSpan(Math.Min(Log.Length, word.Length)), NumberStyles.Float, CultureInfo.InvariantCulture, out var reach);
                return isReach && reach > 0 && double.IsFinite(reach) ? AffineSettings.GlasflowLog(reach) : null;
        }
    }

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

    private static Option<TName?> Choice<TName>(string name, string description, params (string Word, TName Value)[] others)
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

                foreach ((var other, var value) in others)
                {
                    if (other.Equals(word, StringComparison.OrdinalIgnoreCase))
                        return value;
                }

                result.AddError($"{name} must be one of {string.Join(", ", Enum.GetNames<TName>())}, but it is '{word}'.");
                return null;
            },
        };

    private static string Word(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
