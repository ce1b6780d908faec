using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Factorizable;

/// <summary>
/// A bijection of the features that depends on nuisance parameters ν and is the identity at their central values, for any
/// weights: what the response of a data set to ν is learned with.
/// </summary>
/// <remarks>
/// <para>
/// A layer maps x_d to x_d·e^s_d + t_d. With ν' = (ν − central) / scale, s = Σ_k (A_k ν'_k + B_k q ν'_k²) + Σ_(i,j) C_ij r ν'_i ν'_j
/// and the same for t; the coefficients A, B, C of feature d are outputs of masked networks, one for each nuisance and for
/// each pair, of the features before d and the context. log|det J| = Σ_d s_d.
/// </para>
/// <para>
/// Between layers the order of the features is reversed, and after an even number of layers once more, so that features keep
/// their places. The last layers of the networks start at zero: a fresh residual is the identity.
/// </para>
/// <para>It is a transform whose conditions are the context's columns and behind them ν: it can stand in front of any density.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class PolynomialResidual<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Permutation<T> _reversal;

    /// <summary>Creates a fresh residual: the identity for every ν.</summary>
    /// <param name="settings">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public PolynomialResidual(PolynomialResidualSettings settings)
        : this(settings, fresh: true)
    {
    }

    internal PolynomialResidual(PolynomialResidualSettings settings, bool fresh)
        : this(Checked(settings), CreateLayers(settings, fresh))
    {
    }

    private PolynomialResidual(PolynomialResidualSettings settings, ResidualLayer<T>[] layers)
        : base(
            settings.Features, settings.ContextFeatures + settings.Nuisances,
            [.. layers.SelectMany(layer => layer.Networks).SelectMany(network => network.Parameters)])
    {
        Settings = settings;
        Constants = settings.ToConstants();
        Layers = layers;
        _reversal = Permutation<T>.Reversal(settings.Features);
    }

    /// <inheritdoc/>
    public static string Kind => "polynomial-residual";

    /// <summary>The settings.</summary>
    public PolynomialResidualSettings Settings { get; }

    /// <summary>The number of context columns; 0 without context.</summary>
    public int ContextFeatures => Settings.ContextFeatures;

    /// <summary>K, the number of nuisance parameters.</summary>
    public int Nuisances => Settings.Nuisances;

    internal ResidualSettings Constants { get; }

    internal ResidualLayer<T>[] Layers { get; }

    /// <summary>Whether the features are reversed once more after the last layer.</summary>
    internal bool EndsWithReversal => Layers.Length > 0 && Layers.Length % 2 == 0;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new PolynomialResidual<T>(PolynomialResidualSettings.Read(reader), fresh: false);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer) => Settings.Write(writer);

    /// <summary>From observed to nominal features.</summary>
    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        var (context, nuisances) = Parted(conditions);
        var y = x;
        logDet = default;
        for (var l = 0; l < Layers.Length; l++)
        {
            if (l > 0)
                y = Next(tape, x, y, Reverse(tape, y));
            y = Next(tape, x, y, Layers[l].Forward(tape, y, context, nuisances, out var part));
            logDet = LogDets.Add(tape, logDet, part);
        }

        if (EndsWithReversal)
            y = Next(tape, x, y, Reverse(tape, y));
        return y;
    }

    /// <summary>From nominal to observed features, feature by feature, each hidden unit computed once.</summary>
    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        var (context, nuisances) = Parted(conditions);
        var x = z;
        logDet = default;
        if (EndsWithReversal)
            x = Next(tape, z, x, Reverse(tape, x));
        for (var l = Layers.Length - 1; l >= 0; l--)
        {
            x = Next(tape, z, x, Layers[l].Inverse(tape, x, context, nuisances, out var part));
            logDet = LogDets.Add(tape, logDet, part);
            if (l > 0)
                x = Next(tape, z, x, Reverse(tape, x));
        }

        return x;
    }

    /// <inheritdoc cref="Transform{T}.ConvertTo"/>
    public new PolynomialResidual<TOther> ConvertTo<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> => PartConversion.Convert<PolynomialResidual<TOther>, T, TOther>(this);

    /// <summary>Checks that a base, where it reads a context as the residual does, reads the same one.</summary>
    /// <exception cref="ArgumentException">Their sizes differ.</exception>
    internal void CheckContext(DensityModel<T> baseModel, string name)
    {
        if (ContextFeatures != 0 && baseModel.ConditionColumns != 0 && ContextFeatures != baseModel.ConditionColumns)
            throw new ArgumentException($"Expected a residual of the base's {baseModel.ConditionColumns} context columns, got one of {ContextFeatures}.", name);
    }

    internal static string LayerName(int layer) => $"transforms.{2 * layer}";

    // A reversal is its own inverse.
    internal Variable<T> Reverse(Tape<T> tape, Variable<T> x) => _reversal.ForwardCore(tape, x, default, out _);

    /// <summary>The context's columns of the conditions, and behind them the nuisances.</summary>
    internal (Variable<T> Context, Variable<T> Nuisances) Parted(Variable<T> conditions) =>
        (Leading(conditions, ContextFeatures), ContextFeatures == 0 ? conditions : conditions.Slice(ContextFeatures, Nuisances));

    private static Variable<T> Next(Tape<T> tape, Variable<T> argument, Variable<T> current, Variable<T> next)
    {
        // The argument is the caller's.
        if (current.Id != argument.Id)
            tape.Release(current);
        return next;
    }

    private static PolynomialResidualSettings Checked(PolynomialResidualSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Features < 1)
            throw new ArgumentException($"Expected at least 1 feature, got {settings.Features}.", nameof(settings));
        if (settings.ContextFeatures < 0)
            throw new ArgumentException($"Expected 0 or more context features, got {settings.ContextFeatures}.", nameof(settings));
        if (settings.Layers < 0)
            throw new ArgumentException($"Expected 0 or more layers, got {settings.Layers}.", nameof(settings));
        return settings;
    }

    private static ResidualLayer<T>[] CreateLayers(PolynomialResidualSettings settings, bool fresh)
    {
        var constants = settings.ToConstants();
        var order = AutoregressiveOrder.Natural(settings.Features, settings.ContextFeatures);
        var stream = new RandomStream(settings.Seed);
        var layers = new ResidualLayer<T>[settings.Layers];
        for (var l = 0; l < layers.Length; l++)
            layers[l] = new ResidualLayer<T>(order, settings, constants, LayerName(l), fresh ? stream.Substream((ulong)l) : null);
        return layers;
    }
}
