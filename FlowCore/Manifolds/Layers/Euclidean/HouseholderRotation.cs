using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>Q = H_1 … H_n of reflections H = 1 − 2 v vᵀ / vᵀv along the rows of an array [n, D].</summary>
/// <remarks>
/// Householder 1958. Evaluation reflects by H_1 first, sampling by H_n. A row costs 6 n D, and no matrix is formed. A vector of zeros reflects nothing.
/// In one dimension each reflection is a change of sign.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class HouseholderRotation<T> : Rotation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The option that says how many reflections there are.</summary>
    internal const string CountOption = "num_householder_iter";

    private readonly int _reflections;

    /// <summary>Sets the sizes.</summary>
    /// <param name="name">The name of the array.</param>
    /// <param name="dimension">D.</param>
    /// <param name="reflections">n, at least 1.</param>
    public HouseholderRotation(string name, int dimension, int reflections)
        : base(new LayerArray(name, reflections, dimension), dimension)
    {
        _reflections = reflections;
    }

    /// <summary>How many reflections the options ask for, D for −1.</summary>
    /// <param name="options">The options.</param>
    /// <param name="dimension">D.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentException">It is 0.</exception>
    public static int Count(LayerOptions options, int dimension) => options.WholeNumber(CountOption) switch
    {
        -1 => dimension,
        0 => throw new ArgumentException($"Expected -1 or at least 1 for the option '{CountOption}', got 0.", nameof(options)),
        var count => count,
    };

    /// <inheritdoc/>
    public override Variable<T> Evaluate(Variable<T> x, Variable<T> raw) => Reflect(x, raw, reversed: false);

    /// <inheritdoc/>
    public override Variable<T> Sample(Variable<T> y, Variable<T> raw) => Reflect(y, raw, reversed: true);

    /// <inheritdoc/>
    public override void Fresh(Span<double> numbers, RandomStream stream) => stream.FillNormal(numbers);

    /// <inheritdoc/>
    /// <remarks>
    /// The reflections of a QR decomposition of the axes. An axis may be turned around: its sign is taken such that R has +1 on the diagonal. The last
    /// of the D reflections is then along the last coordinate: it turns that axis around.
    /// </remarks>
    public override void StartFrom(ReadOnlySpan<double> axes, Span<double> numbers, RandomStream stream)
    {
        if (_reflections < Dimension)
        {
            Fresh(numbers, stream);
            return;
        }

        var n = Dimension;
        var rest = axes.ToArray();
        for (var k = 0; k < n - 1; k++)
        {
            // e_k is what the reflected column must be. Of both signs of the axis the one is taken that is farther from it, which cancels nothing.
            var v = numbers.Slice(k * n, n);
            var turned = rest[(k * n) + k] > 0;
            for (var i = k; i < n; i++)
                v[i] = turned ? -rest[(i * n) + k] : rest[(i * n) + k];
            v[k] -= 1;
            ReflectColumns(v, rest, n);
        }

        for (var k = n - 1; k < _reflections; k++)
            numbers[(k * n) + n - 1] = 1;

        // Pairs of equal reflections undo each other: with an even number too many nothing is left of them.
    }

    private static void ReflectColumns(ReadOnlySpan<double> v, Span<double> matrix, int n)
    {
        var square = 0.0;
        foreach (var number in v)
            square += number * number;
        for (var j = 0; j < n && square > 0; j++)
        {
            var product = 0.0;
            for (var i = 0; i < n; i++)
                product += v[i] * matrix[(i * n) + j];
            for (var i = 0; i < n; i++)
                matrix[(i * n) + j] -= 2 * product / square * v[i];
        }
    }

    private Variable<T> Reflect(Variable<T> x, Variable<T> vectors, bool reversed)
    {
        if (Dimension > 1)
            return ReflectionOperation<T>.Of(reversed).Apply(x, vectors);
        return _reflections % 2 == 0 ? x : -x;
    }
}
