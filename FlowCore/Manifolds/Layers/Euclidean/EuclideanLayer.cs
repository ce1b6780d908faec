using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A layer on R^D: the one next to the data has an offset b, which evaluation subtracts first.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal abstract class EuclideanLayer<T> : ManifoldLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The option that leaves the offset out.</summary>
    internal const string SkipOffset = "skip_model_offset";

    // What a fresh offset is: not 0, so that it is told from one that nobody set.
    private const double FreshOffset = 0.001;

    private readonly bool _hasOffset;

    /// <summary>Sets the arrays.</summary>
    /// <param name="manifold">R^D.</param>
    /// <param name="hasOffset">Whether b, the first array, is there.</param>
    /// <param name="arrays">The layer's own arrays; null for one that is not there.</param>
    protected EuclideanLayer(Manifold manifold, bool hasOffset, params IEnumerable<LayerArray?> arrays)
        : base(manifold, [.. hasOffset ? [new LayerArray("offsets", manifold.Dimension)] : (LayerArray[])[], .. arrays.OfType<LayerArray>()]) => _hasOffset = hasOffset;

    /// <summary>D.</summary>
    protected int Dimension => Manifold.Dimension;

    /// <summary>The index of the first array that is the layer's own.</summary>
    protected int FirstOwn => _hasOffset ? 1 : 0;

    /// <summary>From data to base, of x − b.</summary>
    protected abstract Variable<T> EvaluateCentred(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet);

    /// <summary>From base to data, without b.</summary>
    protected abstract Variable<T> SampleCentred(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet);

    /// <summary>Fresh numbers of the layer's own arrays.</summary>
    protected abstract void FreshOwn(Span<double> numbers, RandomStream stream);

    /// <summary>Numbers of the layer's own arrays from data whose mean the offset, where there is one, has taken.</summary>
    protected virtual void StartOwn(ReadOnlySpan<double> rows, Span<double> numbers, RandomStream stream) => FreshOwn(numbers, stream);

    /// <inheritdoc/>
    protected internal sealed override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet) =>
        EvaluateCentred(_hasOffset ? x - parameters[0] : x, parameters, out logDet);

    /// <inheritdoc/>
    protected internal sealed override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var x = SampleCentred(z, parameters, out logDet);
        return _hasOffset ? x + parameters[0] : x;
    }

    /// <inheritdoc/>
    protected internal sealed override void Fresh(Span<double> numbers, RandomStream stream)
    {
        if (_hasOffset)
            Part(numbers, 0).Fill(FreshOffset);
        FreshOwn(numbers, stream);
    }

    /// <inheritdoc/>
    protected internal sealed override void StartFrom(ReadOnlySpan<double> rows, Span<double> numbers, RandomStream stream)
    {
        if (!_hasOffset)
        {
            StartOwn(rows, numbers, stream);
            return;
        }

        var offset = Part(numbers, 0);
        var centred = rows.ToArray();
        for (var d = 0; d < Dimension; d++)
        {
            var sum = 0.0;
            for (var i = d; i < rows.Length; i += Dimension)
                sum += rows[i];
            offset[d] = sum * Dimension / rows.Length;
            for (var i = d; i < rows.Length; i += Dimension)
                centred[i] -= offset[d];
        }

        StartOwn(centred, numbers, stream);
    }
}
