using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>z = R x with the rotation R = e^(A − Aᵀ): log|det J| = 0, and the inverse is Rᵀ z.</summary>
/// <remarks>
/// Every rotation is such an exponential (Higham 2008, "Functions of Matrices", section 10.6); parameters as in zuko. The exponential is computed once a
/// block in double precision; a row then costs one product of D² in either direction. Take it between layers that treat features one by one. It may start from data
/// (<see cref="DataStart"/>) as their principal axes, each named after the feature that it is nearest to, so that features come out uncorrelated.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class RotationLinear<T> : LinearTransform<T>, IPartKind<T>, IDataStarted<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the transform.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the name: <c>{name}.A</c> is [D, D].</param>
    /// <param name="initialization">Where fresh numbers come from, standard normal; null for the identity, A = 0.</param>
    /// <param name="isStarted">Whether its numbers are to count as started; with false a training starts it from data.</param>
    /// <exception cref="ArgumentException">The size is out of range or the name is empty.</exception>
    public RotationLinear(int features, string name, RandomStream? initialization = null, bool isStarted = true)
        : base(features, name, [CreateParameter(features, name, initialization)]) => IsStarted = isStarted;

    /// <inheritdoc/>
    public static string Kind => "rotation-linear";

    /// <inheritdoc/>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new RotationLinear<T>(reader.Size("features"), reader.Text("name"), isStarted: !reader.Has("started") || reader.Flag("started"));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The principal axes of the rows' covariance, passed backwards as well as forwards: rows come out uncorrelated on this way. Where no rotation below half a turn leads there, it starts as
    /// the identity.
    /// </remarks>
    public void Start(ReadOnlySpan<T> rows, bool inverse = false)
    {
        var (n, axes, logarithm) = (Features, PrincipalAxes(rows, Features), new double[Features * Features]);
        if (!RotationLogarithm.TryCompute(axes, n, logarithm))
            logarithm.AsSpan().Clear();

        // A − Aᵀ of a skew-symmetric A is 2A. Backwards rows meet Rᵀ.
        Parameters[0].Write(Array.ConvertAll(logarithm, number => T.CreateTruncating(inverse ? -0.5 * number : 0.5 * number)));
        IsStarted = true;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        base.Write(writer);
        if (!IsStarted)
            writer.Write("started", false);
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        logAbsDeterminant = default;
        return x.Linear(tape.Use(Parameters[0]).Rotation());
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        logAbsDeterminant = default;
        return TransposedLinearOperation<T>.Instance.Apply(z, tape.Use(Parameters[0]).Rotation());
    }

    // Rows of a rotation: eigenvectors of the covariance, the largest element of each, among the features still free, on the diagonal and positive.
    private static double[] PrincipalAxes(ReadOnlySpan<T> rows, int n)
    {
        var mean = DataMoments.Mean(rows, n);
        var (values, vectors, axes) = (new double[n], new double[n * n], new double[n * n]);
        SymmetricEigenvalues.Decompose(DataMoments.Covariance(rows, mean), n, values, vectors);
        var isTaken = new bool[n];
        for (var j = 0; j < n; j++)
        {
            var nearest = -1;
            for (var i = 0; i < n; i++)
            {
                if (!isTaken[i] && (nearest < 0 || Math.Abs(vectors[(i * n) + j]) > Math.Abs(vectors[(nearest * n) + j])))
                    nearest = i;
            }

            isTaken[nearest] = true;
            var sign = vectors[(nearest * n) + j] < 0 ? -1 : 1;
            for (var i = 0; i < n; i++)
                axes[(nearest * n) + i] = sign * vectors[(i * n) + j];
        }

        // A reflection becomes a rotation by the axis that is farthest from its feature.
        var (factors, pivots) = ((double[])axes.Clone(), new int[n]);
        LuDecomposition.Factor(factors, n, pivots);
        LuDecomposition.LogAbsDeterminant(factors, n, pivots, out var determinant);
        if (determinant < 0)
        {
            var farthest = 0;
            for (var i = 1; i < n; i++)
                farthest = axes[(i * n) + i] < axes[(farthest * n) + farthest] ? i : farthest;
            for (var i = 0; i < n; i++)
                axes[(farthest * n) + i] = -axes[(farthest * n) + i];
        }

        return axes;
    }

    private static Parameter<T> CreateParameter(int features, string name, RandomStream? initialization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var parameter = new Parameter<T>($"{name}.A", features, features);
        if (initialization is { } stream)
            FreshParameters.FillNormal(parameter, stream, 1);
        return parameter;
    }
}
