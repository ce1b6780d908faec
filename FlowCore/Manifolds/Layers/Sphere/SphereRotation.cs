using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;

namespace FlowCore.Manifolds;

/// <summary>A rotation R of the sphere by raw numbers: the evaluation takes n to Rᵀ n, sampling to R n.</summary>
/// <remarks>
/// Householder: R = H_1 H_2 …, H = 1 − 2 v vᵀ/(vᵀv), and 1 where v is zero. Angles: R = G_3 G_2 G_1, each with the cosine at both places of its plane's diagonal and the sine above
/// it. Quaternion: the usual matrix divided by the squared norm. Direction: with the unit vector (x, y, z) the rotation that takes the pole to it along the meridian. Immutable.
/// </remarks>
internal sealed class SphereRotation
{
    /// <summary>The name of the array of raw numbers, of all modes.</summary>
    public const string ArrayName = "householder_params";

    /// <summary>The option that says whether there is a rotation.</summary>
    public const string HasRotation = "add_rotation";

    private const string Mode = "rotation_mode";
    private const string Reflections = "num_householder_iter";

    // Below this square a vector counts as none.
    private const double LeastSquare = 1e-30;

    private static readonly string[] _modes = ["householder", "angles", "quaternion", "xyz"];

    private readonly int _reflections;

    private SphereRotation(RotationMode mode, int reflections) => (RotationMode, _reflections) = (mode, reflections);

    /// <summary>The options of a rotation.</summary>
    public static IReadOnlyList<LayerOption> Options { get; } = [LayerOption.Choice(Mode, _modes), LayerOption.WholeNumber(Reflections, -1, least: -1)];

    /// <summary>The mode.</summary>
    public RotationMode RotationMode { get; }

    /// <summary>How many raw numbers there are.</summary>
    public int Count => RotationMode switch
    {
        RotationMode.Householder => 3 * _reflections,
        RotationMode.Quaternion => 4,
        _ => 3,
    };

    /// <summary>The rotation that options stand for; null for none.</summary>
    public static SphereRotation? FromOptions(LayerOptions options, bool hasRotation)
    {
        var mode = (RotationMode)Array.IndexOf(_modes, options.Text(Mode));
        var reflections = options.WholeNumber(Reflections);
        if (reflections == 0 && mode == RotationMode.Householder)
            throw new ArgumentException($"Expected at least 1 reflection for the option '{Reflections}', or -1 for 3, got 0.", nameof(options));
        return hasRotation ? new SphereRotation(mode, reflections < 0 ? 3 : reflections) : null;
    }

    /// <summary>R n, or Rᵀ n.</summary>
    /// <param name="n">[rows, 3], a block.</param>
    /// <param name="raw">[rows, <see cref="Count"/>], or shared.</param>
    /// <param name="transposed">Which.</param>
    public Variable<T> Apply<T>(Variable<T> n, Variable<T> raw, bool transposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => RotationMode switch
        {
            // Rᵀ = … H_2 H_1: the first reflection comes first there and last in R.
            RotationMode.Householder => ReflectionOperation<T>.Of(reversed: !transposed).Apply(n, raw),
            RotationMode.Angles => Turn(n, raw, transposed),
            RotationMode.Quaternion => Multiply(OfQuaternion(raw), n, transposed),
            _ => Multiply(OfDirection(raw), n, transposed),
        };

    private static Variable<T> Turn<T>(Variable<T> n, Variable<T> raw, bool transposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (cosines, sines) = (raw.Cos(), raw.Sin());
        if (transposed)
            sines = -sines;
        Span<Variable<T>> c = [n.Slice(0, 1), n.Slice(1, 1), n.Slice(2, 1)];
        for (var step = 0; step < 3; step++)
        {
            var plane = transposed ? 2 - step : step;
            var (a, b) = plane switch { 0 => (0, 1), 1 => (0, 2), _ => (1, 2) };
            var (cosine, sine) = (cosines.Slice(plane, 1), sines.Slice(plane, 1));
            (c[a], c[b]) = ((cosine * c[a]) + (sine * c[b]), (cosine * c[b]) - (sine * c[a]));
        }

        return VariableFunctions.Concatenate(c[0], c[1], c[2]);
    }

    private static (Variable<T> A, Variable<T> B, Variable<T> C) OfQuaternion<T>(Variable<T> raw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var q = raw / raw.Square().SumColumns().Max(raw.Tape!.Constant(T.CreateTruncating(LeastSquare))).Sqrt();
        var (a, i, j, k) = (q.Slice(0, 1), q.Slice(1, 1), q.Slice(2, 1), q.Slice(3, 1));
        var two = T.CreateTruncating(2);
        var (ij, ik, jk) = (i * j, i * k, j * k);
        var (ai, aj, ak) = (a * i, a * j, a * k);
        var (aa, ii, jj, kk) = (a.Square(), i.Square(), j.Square(), k.Square());
        return (
            VariableFunctions.Concatenate(aa + ii - jj - kk, (ij - ak) * two, (ik + aj) * two),
            VariableFunctions.Concatenate((ij + ak) * two, aa - ii + jj - kk, (jk - ai) * two),
            VariableFunctions.Concatenate((ik - aj) * two, (jk + ai) * two, aa - ii - jj + kk));
    }

    private static (Variable<T> A, Variable<T> B, Variable<T> C) OfDirection<T>(Variable<T> raw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tape = raw.Tape!;
        var unit = raw / raw.Square().SumColumns().Max(tape.Constant(T.CreateTruncating(LeastSquare))).Sqrt();
        var (x, y, z) = (unit.Slice(0, 1), unit.Slice(1, 1), unit.Slice(2, 1));
        var over = (z + T.One).Max(tape.Constant(NumberLimits<T>.Epsilon)).Reciprocal();
        var xy = -(x * y * over);
        return (
            VariableFunctions.Concatenate(T.One - (x.Square() * over), xy, x),
            VariableFunctions.Concatenate(xy, T.One - (y.Square() * over), y),
            VariableFunctions.Concatenate(-x, -y, z));
    }

    private static Variable<T> Multiply<T>((Variable<T> A, Variable<T> B, Variable<T> C) rows, Variable<T> n, bool transposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => transposed
        ? (rows.A * n.Slice(0, 1)) + (rows.B * n.Slice(1, 1)) + (rows.C * n.Slice(2, 1))
        : VariableFunctions.Concatenate((rows.A * n).SumColumns(), (rows.B * n).SumColumns(), (rows.C * n).SumColumns());
}
