using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
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
/// <para>It holds no state of a call, so one instance serves all tapes and threads.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class PolynomialResidual<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Permutation<T> _reversal;
    private readonly Parameter<T>[] _parameters;

    /// <summary>Creates a fresh residual: the identity for every ν.</summary>
    /// <param name="settings">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public PolynomialResidual(PolynomialResidualSettings settings)
        : this(settings, fresh: true)
    {
    }

    internal PolynomialResidual(PolynomialResidualSettings settings, bool fresh)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Features < 1)
            throw new ArgumentException($"Expected at least 1 feature; {settings.Features} came.", nameof(settings));
        if (settings.ContextFeatures < 0)
            throw new ArgumentException($"Expected 0 or more context features; {settings.ContextFeatures} came.", nameof(settings));
        if (settings.Layers < 0)
            throw new ArgumentException($"Expected 0 or more layers; {settings.Layers} came.", nameof(settings));
        Settings = settings;
        Constants = settings.ToConstants();
        var order = AutoregressiveOrder.Natural(settings.Features, settings.ContextFeatures);
        var stream = new RandomStream(settings.Seed);
        Layers = new ResidualLayer<T>[settings.Layers];
        for (var l = 0; l < Layers.Length; l++)
            Layers[l] = new ResidualLayer<T>(order, settings, Constants, LayerName(l), fresh ? stream.Substream((ulong)l) : null);
        _parameters = [.. Layers.SelectMany(layer => layer.Networks).SelectMany(network => network.Parameters)];
        _reversal = Permutation<T>.Reversal(settings.Features);
    }

    /// <summary>The settings.</summary>
    public PolynomialResidualSettings Settings { get; }

    /// <summary>D, the number of features.</summary>
    public int Features => Settings.Features;

    /// <summary>C, the number of context columns; 0 without context.</summary>
    public int ContextFeatures => Settings.ContextFeatures;

    /// <summary>K, the number of nuisance parameters.</summary>
    public int Nuisances => Settings.Nuisances;

    /// <summary>The parameters in their canonical order.</summary>
    public IReadOnlyList<Parameter<T>> Parameters => _parameters;

    internal ResidualSettings Constants { get; }

    internal ResidualLayer<T>[] Layers { get; }

    /// <summary>Whether the features are reversed once more after the last layer.</summary>
    internal bool EndsWithReversal => Layers.Length > 0 && Layers.Length % 2 == 0;

    /// <summary>From observed to nominal features.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="context">[rows, C] or a shared row [1, C]; "no variable" where C is 0.</param>
    /// <param name="nuisances">[rows, K] or a shared row [1, K].</param>
    /// <param name="logDet">[rows, 1]: log|det ∂nominal/∂observed|.</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">A shape is not the residual's.</exception>
    public Variable<T> Forward(Tape<T> tape, Variable<T> x, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet)
    {
        Check(tape, x, ref context, nuisances);
        var y = x;
        logDet = default;
        for (var l = 0; l < Layers.Length; l++)
        {
            if (l > 0)
                y = Next(tape, x, y, Reverse(tape, y));
            y = Next(tape, x, y, Layers[l].Forward(tape, y, context, nuisances, out var part));
            logDet = Composition<T>.AddLogDets(tape, logDet, part);
        }

        if (EndsWithReversal)
            y = Next(tape, x, y, Reverse(tape, y));
        logDet = OrZero(tape, logDet);
        return y;
    }

    /// <summary>From nominal to observed features, feature by feature, each hidden unit computed once.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="y">[rows, D].</param>
    /// <param name="context">[rows, C] or a shared row [1, C]; "no variable" where C is 0.</param>
    /// <param name="nuisances">[rows, K] or a shared row [1, K].</param>
    /// <param name="logDet">[rows, 1]: log|det ∂observed/∂nominal|.</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">A shape is not the residual's.</exception>
    public Variable<T> Inverse(Tape<T> tape, Variable<T> y, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet)
    {
        Check(tape, y, ref context, nuisances);
        var x = y;
        logDet = default;
        if (EndsWithReversal)
            x = Next(tape, y, x, Reverse(tape, x));
        for (var l = Layers.Length - 1; l >= 0; l--)
        {
            x = Next(tape, y, x, Layers[l].Inverse(tape, x, context, nuisances, out var part));
            logDet = Composition<T>.AddLogDets(tape, logDet, part);
            if (l > 0)
                x = Next(tape, y, x, Reverse(tape, x));
        }

        logDet = OrZero(tape, logDet);
        return x;
    }

    /// <summary>The same residual with the same numbers in another precision, its parameters not yet in a store.</summary>
    /// <typeparam name="TOther">The other number type.</typeparam>
    /// <returns>The copy.</returns>
    public PolynomialResidual<TOther> ConvertTo<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        var other = new PolynomialResidual<TOther>(Settings, fresh: false);
        for (var i = 0; i < _parameters.Length; i++)
            FreshParameters.Convert(_parameters[i], other.Parameters[i]);
        return other;
    }

    internal static string LayerName(int layer) => $"transforms.{2 * layer}";

    // A reversal is its own inverse.
    internal Variable<T> Reverse(Tape<T> tape, Variable<T> x) => _reversal.ForwardCore(tape, x, default, out _);

    private static Variable<T> Next(Tape<T> tape, Variable<T> argument, Variable<T> current, Variable<T> next)
    {
        // The argument is the caller's.
        if (current.Id != argument.Id)
            tape.Release(current);
        return next;
    }

    private static Variable<T> OrZero(Tape<T> tape, Variable<T> logDet)
    {
        if (!logDet.IsNone)
            return logDet;
        var zero = tape.Allocate(1);
        tape.Kernels.Fill(tape.ValueOf(zero), T.Zero);
        return zero;
    }

    private void Check(Tape<T> tape, Variable<T> x, ref Variable<T> context, Variable<T> nuisances)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (x.Columns != Features || !x.IsBlock)
            throw new ArgumentException($"Expected a block of {Features} columns; {(x.IsBlock ? "a block" : "a shared matrix")} of {x.Columns} came.", nameof(x));
        if (ContextFeatures == 0)
            context = default;
        else if (context.Columns != ContextFeatures)
            throw new ArgumentException($"Expected a context of {ContextFeatures} columns; {context.Columns} came.", nameof(context));
        if (nuisances.Columns != Nuisances)
            throw new ArgumentException($"Expected {Nuisances} nuisances; {nuisances.Columns} came.", nameof(nuisances));
    }
}
