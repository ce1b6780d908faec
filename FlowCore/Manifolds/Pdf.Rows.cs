using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <content>Any number of rows.</content>
public sealed partial class Pdf<T>
{
    /// <summary>ln p, the base point and its density of every row.</summary>
    /// <param name="x">[n, columns of the coordinates], or [n] where that is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="coordinates">In which coordinates x is given, for all factors; null for those of the options.</param>
    /// <param name="onlyLast">Whether only the layer next to the data of each chain is to act, as if it stood on the base alone.</param>
    /// <returns>The results; rows outside the support have ln p = −∞.</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public PdfResult<T> Evaluate(
        in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> context = default, Coordinates? coordinates = null, bool onlyLast = false)
    {
        var map = new PdfEvaluationMap<T>(this, coordinates, onlyLast);
        var rows = TensorRows.Of(x, map.InputColumns, nameof(x));
        var count = rows.Length / map.InputColumns;
        var (values, logDensity) = (new T[checked(count * map.Columns)], new T[count]);
        RunMap(map, count, rows, Rows(context, default), values, logDensity);
        var factors = Factors.Count;
        return new PdfResult<T>(
            Tensor.Create(logDensity, [count]),
            Tensor.Create(TensorRows.Columns(values, count, factors, BaseColumns == 0 ? 0 : 1), [BaseColumns == 0 ? 0 : count]),
            Tensor.Create(TensorRows.Columns(values, count, factors + 1, BaseColumns), [count, BaseColumns]),
            Tensor.Create(TensorRows.Columns(values, count, 0, factors), [count, factors]));
    }

    /// <summary>Draws points; a seed gives the same ones on any number of threads.</summary>
    /// <param name="count">How many, 0 or more; with several rows of context, how many of each: all of the first row come first.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="context">[m, C], or [C]; left out where C is 0.</param>
    /// <param name="coordinates">In which coordinates points are wanted, for all factors; null for those of the options.</param>
    /// <returns>The points and what is known of them.</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a context is not finite.</exception>
    public PdfSample<T> Draw(int count, ulong seed, in ReadOnlyTensorSpan<T> context = default, Coordinates? coordinates = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var conditions = ConditionsOf(context);
        var given = ContextFeatures == 0 ? 1 : conditions.Length / ContextFeatures;
        var n = checked(given * count);
        if (given > 1 && count > 1)
            conditions = TensorRows.Repeat(conditions, ContextFeatures, count);

        var map = new PdfDrawMap<T>(this, coordinates);
        var (noise, values, logDensity) = (new T[checked(n * NoiseFeatures)], new T[checked(n * map.Columns)], new T[n]);
        new RandomStream(seed).FillNormal<T>(noise);
        RunMap(map, n, noise, new Conditions<T>(conditions), values, logDensity);
        var columns = ColumnsIn(coordinates);
        return new PdfSample<T>(
            Tensor.Create(TensorRows.Columns(values, n, 0, columns), [n, columns]),
            Tensor.Create(TensorRows.Columns(values, n, columns + 1, BaseColumns), [n, BaseColumns]),
            Tensor.Create(logDensity, [n]),
            Tensor.Create(TensorRows.Columns(values, n, columns, BaseColumns == 0 ? 0 : 1), [BaseColumns == 0 ? 0 : n]));
    }

    /// <summary>The logarithm of the Poisson mean λ of the number of events, for every condition.</summary>
    /// <param name="context">[n, C] or [C]; left out where C is 0.</param>
    /// <returns>[n, 1]; [1, 1] without a condition.</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a context is not finite.</exception>
    /// <exception cref="InvalidOperationException">The pdf has none: <see cref="PdfOptions.PredictsLogMean"/>.</exception>
    public Tensor<T> LogMeanPoisson(in ReadOnlyTensorSpan<T> context = default)
    {
        var conditions = ConditionsOf(context);
        var n = ContextFeatures == 0 ? 1 : conditions.Length / ContextFeatures;
        var result = new T[n];
        RunMap(new PdfLogMeanMap<T>(this), n, new T[n], new Conditions<T>(conditions), result, default);
        return Tensor.Create(result, [n, 1]);
    }

    private ReadOnlySpan<T> ConditionsOf(in ReadOnlyTensorSpan<T> context)
    {
        var conditions = TensorRows.OfOptional(context, ContextFeatures, nameof(context));
        return ContextFeatures == 0 || !conditions.IsEmpty ? conditions
            : throw new ArgumentException($"Expected at least one condition of {ContextFeatures} numbers, got none.", nameof(context));
    }
}
