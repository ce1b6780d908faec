using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Manifolds;
using FlowCore.Random;

namespace FlowCore.Tests.Manifolds;

/// <summary>Points of a manifold as layers see them, drawn at random, and the coordinates in which their maps have a determinant.</summary>
internal static class StateCoordinates
{
    /// <summary>Free numbers, row-major: what <see cref="OnManifold"/> makes states of.</summary>
    public static double[] Draw(Manifold manifold, int rows, double reach, RandomStream stream)
    {
        var free = new double[rows * FreeColumns(manifold)];
        switch (manifold.Kind)
        {
            case ManifoldKind.Interval or ManifoldKind.Simplex:
                stream.FillUniform<double>(free);
                break;
            case ManifoldKind.Circle:
                stream.FillUniform<double>(free);
                for (var i = 0; i < free.Length; i++)
                    free[i] = ((2 * free[i]) - 1) * Math.PI;
                break;
            default:
                stream.FillNormal<double>(free);
                for (var i = 0; i < free.Length && manifold.Kind == ManifoldKind.Euclidean; i++)
                    free[i] *= reach;
                break;
        }

        return free;
    }

    public static int FreeColumns(Manifold manifold) => manifold.Kind == ManifoldKind.Simplex ? manifold.Dimension : manifold.StateColumns;

    /// <summary>States of free numbers: sphere: normalised, simplex: sticks v with 1 − v behind them.</summary>
    public static Variable<double> OnManifold(Manifold manifold, Variable<double> free) => manifold.Kind switch
    {
        ManifoldKind.Sphere => free / free.Square().SumColumns().Sqrt(),
        ManifoldKind.Simplex => VariableFunctions.Concatenate(free, 1 - free),
        _ => free,
    };

    /// <summary>The same for numbers of the host.</summary>
    public static double[] States(Manifold manifold, double[] free)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, free.Length);
        var columns = FreeColumns(manifold);
        tape.Begin(free.Length / columns, record: false);
        var states = new double[free.Length / columns * manifold.StateColumns];
        tape.ReadValue(OnManifold(manifold, tape.Input(free, columns)), states);
        return states;
    }

    /// <summary>Numbers that depend smoothly on a state: angles by cosine and sine.</summary>
    public static Variable<double> Smooth(Manifold manifold, Variable<double> state) =>
        manifold.Kind == ManifoldKind.Circle ? VariableFunctions.Concatenate(state.Cos(), state.Sin()) : state;

    /// <summary>A square Jacobian of a row's map and what its ln |det| lacks.</summary>
    /// <remarks>Sphere: along tangent bases of both points. Simplex: of the sticks, with their own volume in intrinsic coordinates, Π (1 − v_j)^(d − j).</remarks>
    public static double[,] Jacobian(Manifold manifold, double[,,] jacobians, int row, ReadOnlySpan<double> x, ReadOnlySpan<double> y, out double correction)
    {
        correction = 0;
        var d = manifold.Dimension;
        if (manifold.Kind == ManifoldKind.Sphere)
            return OfSphere(jacobians, row, x, y);
        var matrix = new double[d, d];
        var isSimplex = manifold.Kind == ManifoldKind.Simplex;
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
                matrix[i, j] = jacobians[row, i, j] - (isSimplex ? jacobians[row, i, d + j] : 0);
            if (isSimplex)
                correction += (d - 1 - i) * (Math.Log(y[d + i]) - Math.Log(x[d + i]));
        }

        return matrix;
    }

    private static double[,] OfSphere(double[,,] jacobians, int row, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (from, to) = (Basis(x), Basis(y));
        var matrix = new double[2, 2];
        for (var a = 0; a < 2; a++)
        {
            for (var b = 0; b < 2; b++)
            {
                for (var i = 0; i < 3; i++)
                {
                    for (var j = 0; j < 3; j++)
                        matrix[a, b] += to[a, i] * jacobians[row, i, j] * from[b, j];
                }
            }
        }

        return matrix;
    }

    // Two unit vectors at right angles to n and to each other.
    private static double[,] Basis(ReadOnlySpan<double> n)
    {
        // The axis that n has least of is far from n.
        var axis = Math.Abs(n[0]) < Math.Abs(n[1]) ? (Math.Abs(n[0]) < Math.Abs(n[2]) ? 0 : 2) : (Math.Abs(n[1]) < Math.Abs(n[2]) ? 1 : 2);
        var length = Math.Sqrt(1 - (n[axis] * n[axis]));
        var basis = new double[2, 3];
        for (var i = 0; i < 3; i++)
            basis[0, i] = ((i == axis ? 1 : 0) - (n[axis] * n[i])) / length;
        for (var i = 0; i < 3; i++)
        {
            var (j, k) = ((i + 1) % 3, (i + 2) % 3);
            basis[1, i] = (n[j] * basis[0, k]) - (n[k] * basis[0, j]);
        }

        return basis;
    }
}
