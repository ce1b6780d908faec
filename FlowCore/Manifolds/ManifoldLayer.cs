using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>
/// One layer of a density on a manifold: a bijection of the manifold onto itself whose raw parameters, of any value, are its own or come from a network.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="Evaluate"/> leads from data to base, <see cref="Sample"/> back. Both give ln|det ∂(base)/∂(data)| of the evaluation, the second at the point that
/// it produced, in the manifold's own measure: Lebesgue's on R^D and on the unit interval, the angle's, per solid angle, and on simplices intrinsic coordinates.
/// </para>
/// <para>
/// A layer holds constants and no state of a call, so one instance serves all tapes and threads. A <see cref="LayerLetter"/> makes it known to definition strings.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class ManifoldLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _starts;

    /// <summary>Sets the manifold and the arrays of raw parameters.</summary>
    /// <param name="manifold">Where the layer acts.</param>
    /// <param name="arrays">The arrays in the order of the parameter vector; those of no number are left out.</param>
    protected ManifoldLayer(Manifold manifold, params IReadOnlyList<LayerArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        ArgumentNullException.ThrowIfNull(arrays);
        Manifold = manifold;
        Arrays = arrays;
        _starts = new int[arrays.Count];
        for (var i = 0; i < arrays.Count; i++)
        {
            _starts[i] = ParameterCount;
            ParameterCount = checked(ParameterCount + arrays[i].Count);
        }
    }

    /// <summary>Where the layer acts.</summary>
    public Manifold Manifold { get; }

    /// <summary>The arrays of raw parameters in the order of the parameter vector.</summary>
    public IReadOnlyList<LayerArray> Arrays { get; }

    /// <summary>How many raw parameters the layer has.</summary>
    public int ParameterCount { get; }

    /// <summary>From data to base.</summary>
    /// <param name="x">The state, [rows, <see cref="Manifold.StateColumns"/>], a block.</param>
    /// <param name="parameters">The raw parameters.</param>
    /// <param name="logDet">ln|det|, [rows, 1]; "no variable" for zero.</param>
    /// <returns>The state on the base side, of the same columns; may be <paramref name="x"/> itself.</returns>
    protected internal abstract Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet);

    /// <summary>From base to data: the inverse of <see cref="Evaluate"/>.</summary>
    /// <param name="z">The state on the base side, [rows, <see cref="Manifold.StateColumns"/>], a block.</param>
    /// <param name="parameters">The raw parameters.</param>
    /// <param name="logDet">ln|det| of the evaluation at the result, [rows, 1]; "no variable" for zero.</param>
    /// <returns>The state on the data side.</returns>
    protected internal abstract Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet);

    /// <summary>Sets fresh parameters, in the order of the vector.</summary>
    /// <param name="numbers">Receives <see cref="ParameterCount"/> numbers; comes as zeros.</param>
    /// <param name="stream">Where random ones come from.</param>
    protected internal abstract void Fresh(Span<double> numbers, RandomStream stream);

    /// <summary>Sets parameters from data that reach the layer, so that they leave it nearer to the base; the default are fresh ones.</summary>
    /// <param name="rows">States of the data side, row-major, at least 2 rows.</param>
    /// <param name="numbers">Receives <see cref="ParameterCount"/> numbers; comes as zeros.</param>
    /// <param name="stream">Where random ones come from.</param>
    protected internal virtual void StartFrom(ReadOnlySpan<double> rows, Span<double> numbers, RandomStream stream) => Fresh(numbers, stream);

    /// <summary>Where an array begins in the parameter vector.</summary>
    /// <param name="array">Its index.</param>
    /// <returns>The position of its first number.</returns>
    public int StartOf(int array) => _starts[array];

    /// <summary>The part of a parameter vector that belongs to an array.</summary>
    /// <param name="numbers">The vector.</param>
    /// <param name="array">The index of the array.</param>
    /// <returns>Its numbers.</returns>
    protected Span<double> Part(Span<double> numbers, int array) => numbers.Slice(_starts[array], Arrays[array].Count);
}
