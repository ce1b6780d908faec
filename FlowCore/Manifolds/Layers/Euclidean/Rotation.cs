using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A matrix Q of determinant ±1 made of raw numbers: evaluation applies Q⁻¹ and sampling Q, so ld is 0.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal abstract class Rotation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the array.</summary>
    /// <param name="array">The raw numbers.</param>
    protected Rotation(LayerArray array) => Array = array;

    /// <summary>The raw numbers.</summary>
    public LayerArray Array { get; }

    /// <summary>The rotation of a mode; null for none, or where there is nothing to turn.</summary>
    /// <param name="mode">householder, angles, triangular_combination, cayley or none.</param>
    /// <param name="dimension">D.</param>
    /// <param name="reflections">How many of Householder's reflections, -1 for D.</param>
    /// <returns>The rotation.</returns>
    public static Rotation<T>? Create(string mode, int dimension, int reflections) => mode switch
    {
        "householder" => new HouseholderRotation<T>("vs", dimension, reflections < 0 ? dimension : reflections),
        "none" => null,
        _ when dimension == 1 => null,
        "angles" => new AngleRotation<T>(dimension),
        "triangular_combination" => new TriangularRotation<T>(dimension),
        _ => new CayleyRotation<T>(dimension),
    };

    /// <summary>Q⁻¹ x.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="raw">The raw numbers, shared or for every row.</param>
    /// <returns>[rows, D].</returns>
    public abstract Variable<T> Evaluate(Variable<T> x, Variable<T> raw);

    /// <summary>Q y.</summary>
    /// <param name="y">[rows, D], a block.</param>
    /// <param name="raw">The raw numbers, shared or for every row.</param>
    /// <returns>[rows, D].</returns>
    public abstract Variable<T> Sample(Variable<T> y, Variable<T> raw);

    /// <summary>Fresh raw numbers: zeros, the identity, unless the mode says otherwise.</summary>
    /// <param name="numbers">Receives them; comes as zeros.</param>
    /// <param name="stream">Where random ones come from.</param>
    public virtual void Fresh(Span<double> numbers, RandomStream stream) => numbers.Clear();

    /// <summary>Raw numbers with which evaluation turns principal axes into the coordinates' axes; fresh ones where the mode cannot.</summary>
    /// <param name="axes">Orthonormal columns, D × D row-major.</param>
    /// <param name="numbers">Receives the raw numbers; comes as zeros.</param>
    /// <param name="stream">Where random ones come from.</param>
    public virtual void StartFrom(ReadOnlySpan<double> axes, Span<double> numbers, RandomStream stream) => Fresh(numbers, stream);
}
