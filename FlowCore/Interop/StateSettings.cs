using System.Globalization;
using System.Text.Json;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Answers what tensors do not say: from what the file states, else from the caller's options, else from what is usual.</summary>
internal sealed class StateSettings
{
    /// <summary>The metadata of a state dictionary that this library wrote.</summary>
    public const string Key = "flowcore.state";

    /// <summary>What is stated of a mixture whose parameters a network gives.</summary>
    public const string Mixture = "mixture";

    /// <summary>What stands for a module of which no file states anything.</summary>
    public const int NoModule = -1;

    // More than any flow transforms at once: each is a record of the tape.
    private const int MostPixels = 1 << 16;

    private readonly StateDictionaryOptions _options;
    private readonly JsonElement? _stated;
    private readonly HashSet<StateAssumption> _assumed = [];

    /// <param name="options">The caller's.</param>
    /// <param name="archive">The tensors and what is stated beside them.</param>
    public StateSettings(StateDictionaryOptions options, TensorArchive archive)
    {
        _options = options;
        if (!archive.Metadata.TryGetValue(Key, out var text))
            return;

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            _stated = document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException($"Expected JSON as the metadata '{Key}', got something else.", exception);
        }
    }

    /// <summary>What the caller says of outputs that could be several things.</summary>
    public StateTransformer? Transformer => _options.Transformer;

    /// <summary>What the caller says of a base that could be several things.</summary>
    public StateBase? Base => _options.Base;

    /// <summary>What the caller says of splines that could be several.</summary>
    public StateSpline? Spline => _options.Spline;

    /// <summary>What the caller says of the outside of splines.</summary>
    public SplineTails? Tails => _options.Tails;

    /// <summary>What the caller says of the scales of affine couplings.</summary>
    public AffineSettings? Scale => _options.Scale;

    /// <summary>What the caller says of angles.</summary>
    public IReadOnlyList<int>? Circular => _options.Circular;

    /// <summary>What the caller says of layers.</summary>
    public IReadOnlyList<string>? Layers => _options.Layers;

    /// <summary>What the caller says of the rows and columns of arrays.</summary>
    public (int Height, int Width)? Pixels => _options.Pixels;

    /// <summary>The rows and columns of arrays, which something needs.</summary>
    /// <param name="tensor">What needs them.</param>
    public (int Height, int Width) RequirePixels(string tensor)
    {
        const string Flag = $"--pixels HxW ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Pixels)})";
        if (Pixels is not { } pixels)
            throw new ModelFormatException($"Expected the rows and columns of arrays for '{tensor}', a layer of their channels; {Flag} says them.");
        return pixels is { Height: > 0, Width: > 0 } && (long)pixels.Height * pixels.Width <= MostPixels
            ? pixels
            : throw new ModelFormatException($"Expected at least 1 and at most {MostPixels} pixels as {Flag}, got {pixels.Height} x {pixels.Width}.");
    }

    /// <summary>How many components a mixture has, as the file states or the caller says.</summary>
    public int? Components() => Property(Property(_stated, Mixture), "components") is null
        ? _options.Components
        : (int)Number(Property(_stated, Mixture), "components", "the number of components", _options.Components, null, nameof(_options.Components));

    /// <summary>Whether the names are those of versions whose slope may have been another.</summary>
    public bool HasOldNames { get; init; }

    /// <summary>Whether the file states that a module is of a kind, "spline" for example.</summary>
    public bool States(int module, string kind) => Property(Module(module), "kind") is { ValueKind: JsonValueKind.String } stated && stated.ValueEquals(kind);

    public double Bound(int module) => Number(Module(module), "bound", "the bound of the splines", _options.Bound, StateDictionaryOptions.Usual.Bound, nameof(_options.Bound));

    /// <summary>The bound of splines of a library that has another one by itself.</summary>
    public double Bound(double usual, string? remark) => Number(null, "bound", "the bound of the splines", _options.Bound, usual, nameof(_options.Bound), remark);

    public double SoftclipBound(int module) => Number(
        Module(module), "bound", "the bound of the softclips between the transforms", _options.SoftclipBound, StateDictionaryOptions.Usual.SoftclipBound, nameof(_options.SoftclipBound));

    public double Squeeze(int module) => Number(
        Module(module), "squeeze", "the squeeze of Gaussianizations", _options.Squeeze, StateDictionaryOptions.Usual.Squeeze, nameof(_options.Squeeze));

    public int Degree(int module) => (int)Number(
        Module(module), "degree", "the degree of the squared polynomials", _options.Degree, StateDictionaryOptions.Usual.Degree, nameof(_options.Degree));

    public StateCovariance Covariance()
    {
        if (Property(Property(_stated, Mixture), "covariance") is { } stated)
        {
            if (stated.ValueKind != JsonValueKind.String || !Enum.TryParse<StateCovariance>(stated.GetString(), out var covariance) || !Enum.IsDefined(covariance))
                throw new ModelFormatException($"Expected the form of covariances in the metadata '{Key}', got {ModelFormatException.Quote(stated.ToString())}.");

            RequireSame("the form of the covariances", covariance.ToString(), _options.Covariance is null || _options.Covariance == covariance, $"{_options.Covariance}");
            return covariance;
        }

        if (_options.Covariance is { } given)
            return given;

        var usual = StateDictionaryOptions.Usual.Covariance!.Value;
        Assume(new StateAssumption("the form of the covariances", usual.ToString(), nameof(_options.Covariance)));
        return usual;
    }

    public double Slope(int module) => Number(
        Module(module), "slope", "the smallest slope of the splines", _options.Slope, StateDictionaryOptions.Usual.Slope, nameof(_options.Slope),
        HasOldNames ? "the names are of zuko before 1.6, and 1.0.1 to 1.4.1 had 0.0001" : null);

    public double AffineSlope(int module) => Number(
        Module(module), "slope", "the smallest slope of the affine transforms", _options.AffineSlope, StateDictionaryOptions.Usual.AffineSlope, nameof(_options.AffineSlope));

    public UnaryFunction Activation(int module) => Name(
        module == NoModule ? Property(_stated, Mixture) : Module(module), "the activation of the flow's networks", _options.Activation, StateDictionaryOptions.Usual.Activation, nameof(_options.Activation));

    /// <summary>The activation of a continuous flow's network, which is another one by itself than that of other networks.</summary>
    public UnaryFunction ContinuousActivation() => Name(Module(0), "the activation of the flow's network", _options.Activation, UnaryFunction.Elu, nameof(_options.Activation));

    public UnaryFunction ResidualActivation() => Name(
        Residual(), "the activation of the residual's networks", _options.ResidualActivation, StateDictionaryOptions.Usual.ResidualActivation, nameof(_options.ResidualActivation));

    public double QuadraticDamping() => Number(
        Residual(), "quadratic_damping", "the damping of quadratic terms", _options.QuadraticDamping, StateDictionaryOptions.Usual.QuadraticDamping, nameof(_options.QuadraticDamping));

    public double CrossTermDamping() => Number(
        Residual(), "cross_term_damping", "the damping of cross terms", _options.CrossTermDamping, StateDictionaryOptions.Usual.CrossTermDamping, nameof(_options.CrossTermDamping));

    public double LogDetSign() => Number(
        Residual(), "log_det_sign", "the sign of the residual's log-determinant", _options.LogDetSign, StateDictionaryOptions.Usual.LogDetSign, nameof(_options.LogDetSign));

    /// <summary>Notes that outputs which usually mean one thing were taken for it.</summary>
    public void Assume(StateAssumption assumption)
    {
        if (_assumed.Add(assumption))
            _options.Assumed?.Invoke(assumption);
    }

    private JsonElement? Module(int module) => Property(_stated, "transforms") is { ValueKind: JsonValueKind.Array } transforms && module >= 0 && module < transforms.GetArrayLength()
        ? transforms[module]
        : null;

    private JsonElement? Residual() => Property(_stated, "residual");

    private static JsonElement? Property(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var child) ? child : null;

    private double Number(JsonElement? part, string name, string subject, double? given, double? usual, string option, string? remark = null)
    {
        if (Property(part, name) is { } stated)
        {
            if (stated.ValueKind != JsonValueKind.Number || !stated.TryGetDouble(out var number) || !double.IsFinite(number))
                throw new ModelFormatException($"Expected a number as '{name}' in the metadata '{Key}', got {ModelFormatException.Quote(stated.ToString())}.");

            RequireSame(subject, Text(number), given is null || given == number, given is { } other ? Text(other) : "");
            return number;
        }

        if (given is null)
            Assume(new StateAssumption(subject, Text(usual!.Value), option, remark));

        return given ?? usual!.Value;
    }

    private UnaryFunction Name(JsonElement? part, string subject, UnaryFunction? given, UnaryFunction? usual, string option)
    {
        if (Property(part, "activation") is { } stated)
        {
            if (stated.ValueKind != JsonValueKind.String || !UnaryFunction.TryParse(stated.GetString()!, out var activation))
                throw new ModelFormatException($"Expected the name of an activation in the metadata '{Key}', got {ModelFormatException.Quote(stated.ToString())}.");

            RequireSame(subject, activation.ToString(), given is null || given == activation, $"{given}");
            return activation;
        }

        if (given is null)
            Assume(new StateAssumption(subject, usual!.ToString(), option));

        return given ?? usual!;
    }

    private static void RequireSame(string subject, string stated, bool isSame, string given)
    {
        if (!isSame)
            throw new ModelFormatException($"Expected {stated} as {subject}, as the file states, got {given}.");
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
