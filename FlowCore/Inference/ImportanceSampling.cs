using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Inference;

/// <summary>Draws of a model, weighted to be draws of a target, and what draws of the target say of the model.</summary>
public static class ImportanceSampling
{
    /// <summary>Draws rows and weighs them.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">q.</param>
    /// <param name="target">p̃.</param>
    /// <param name="count">N, at least 2.</param>
    /// <param name="seed">The seed; the rows are those of <c>model.Sample</c>.</param>
    /// <param name="conditions">One row of each that the model takes.</param>
    /// <returns>Rows, weights and what they come to.</returns>
    /// <exception cref="ArgumentException">Model and target do not go together, or there is not one row of conditions.</exception>
    /// <exception cref="InvalidTargetException">ln p̃ of a row is NaN or +∞.</exception>
    public static ImportanceSample<T> ImportanceSample<T>(this DensityModel<T> model, ITarget<T> target, int count, ulong seed = 0, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(model, target);
        if (conditions.Context.Length != model.ContextFeatures || conditions.Nuisances.Length != model.Nuisances)
        {
            throw new ArgumentException(
                $"Expected one row of {model.ContextFeatures} context features and {model.Nuisances} nuisances, got {conditions.Context.Length} and {conditions.Nuisances.Length} numbers.", nameof(conditions));
        }

        var features = model.Features;
        var functional = RowFunctional.Of(
            (in TapeSample<T> sample) => VariableFunctions.Concatenate(sample.X, sample.LogDensity, target.LogDensity(sample.Tape, sample.X, sample.Conditions)), features + 2);
        using var pass = new ExpectationPass<T>(model, functional, new ExpectationOptions { Count = count, Seed = seed }, conditions);
        pass.Run();
        var (x, density, weights) = (new T[count * features], new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var row = pass.Values.AsSpan(i * (features + 2), features + 2);
            row[..features].CopyTo(x.AsSpan(i * features));
            TargetFault.ThrowIfInvalid(row[^1], row[..features]);
            density[i] = double.CreateTruncating(row[^2]);
            weights[i] = double.CreateTruncating(row[^1]) - density[i];
        }

        return new ImportanceSample<T>(Tensor.Create(x, [count, features]), density, weights);
    }

    /// <summary>
    /// The effective share of a model seen from the target, 1 / (E_p[w] E_p[1/w]) with w = p̃/q: the same number as <see cref="ImportanceSample{T}.EffectiveShare"/> where the model covers the
    /// target, and near 0 where it misses a part, which its own draws cannot tell.
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">q.</param>
    /// <param name="target">p̃.</param>
    /// <param name="samples">Draws of p, row-major [n, D], from anywhere: a Markov chain, a simulation.</param>
    /// <param name="conditions">One row of each that the model takes.</param>
    /// <returns>The share, in [0, 1] up to noise; 0 where a sample lies where q is 0.</returns>
    /// <exception cref="ArgumentException">Model, target and samples do not go together.</exception>
    /// <exception cref="InvalidTargetException">ln p̃ of a sample is not finite.</exception>
    public static double TargetEffectiveShare<T>(this DensityModel<T> model, ITarget<T> target, ReadOnlySpan<T> samples, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(model, target);
        var features = model.Features;
        if (samples.IsEmpty || samples.Length % features != 0)
            throw new ArgumentException($"Expected rows of {features} numbers, got {samples.Length} numbers.", nameof(samples));
        var rows = samples.Length / features;
        var density = new T[rows];
        model.LogDensity(samples, conditions, density);
        var (forth, back) = (new double[rows], new double[rows]);
        var logTarget = TargetFault.Evaluate(model, target, samples, [.. conditions.Context, .. conditions.Nuisances]);
        for (var i = 0; i < rows; i++)
        {
            var row = samples.Slice(i * features, features);
            TargetFault.ThrowIfInvalid(logTarget[i], row);
            if (T.IsNegativeInfinity(logTarget[i]))
                throw new InvalidTargetException(string.Create(CultureInfo.InvariantCulture, $"Expected samples of the target, got row {i}, where its density is 0."));
            forth[i] = double.CreateTruncating(logTarget[i]) - double.CreateTruncating(density[i]);
            back[i] = -forth[i];
        }

        var share = Math.Exp(-LogWeights.LogMean<double>(forth) - LogWeights.LogMean<double>(back));
        return double.IsNaN(share) ? 0 : share;
    }

    internal static void Check<T>(DensityModel<T> model, ITarget<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(target);
        if (target.Features != model.Features)
            throw new ArgumentException($"Expected a target of {model.Features} features, got one of {target.Features}.", nameof(target));
    }
}
