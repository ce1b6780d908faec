using System.Numerics;
using System.Runtime.CompilerServices;
using FlowCore.Autodiff;

namespace FlowCore.Continuous;

/// <summary>An explicit Runge-Kutta method with steps that the caller fixes, on the tape: gradients go through the steps.</summary>
/// <remarks>
/// Hairer, Nørsett and Wanner 1993, "Solving Ordinary Differential Equations I", section II.1: k_i = f(y + h Σ_j a_ij k_j, t + c_i h), y ← y + h Σ_i b_i k_i. As the steps do not
/// depend on the rows, a row's result does not depend on its neighbours. Immutable.
/// </remarks>
internal sealed class RungeKutta
{
    private readonly double[][] _a;
    private readonly double[] _b;
    private readonly double[] _c;

    private RungeKutta(string name, double[][] a, double[] b)
    {
        (Name, _a, _b) = (name, a, b);
        _c = [.. a.Select(row => row.Sum())];
    }

    /// <summary>The method of order 5 of Dormand and Prince 1980, of 6 evaluations a step.</summary>
    public static RungeKutta DormandPrince { get; } = new(
        "dopri5",
        [
            [],
            [1.0 / 5],
            [3.0 / 40, 9.0 / 40],
            [44.0 / 45, -56.0 / 15, 32.0 / 9],
            [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
            [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        ],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84]);

    /// <summary>The classical method of order 4, of 4 evaluations a step.</summary>
    public static RungeKutta Classical { get; } = new("rk4", [[], [0.5], [0, 0.5], [0, 0, 1]], [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6]);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The evaluations of a step.</summary>
    public int Stages => _b.Length;

    /// <summary>b − b* of the method of order 4 within that of Dormand and Prince, the seventh for the slope at the end of the step.</summary>
    public static ReadOnlySpan<double> DormandPrinceError => [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    /// <summary>The method of a setting.</summary>
    public static RungeKutta Of(FlowSolver solver) => solver == FlowSolver.Classical ? Classical : DormandPrince;

    /// <summary>a_ij of a stage.</summary>
    public ReadOnlySpan<double> StageWeights(int stage) => _a[stage];

    /// <summary>All b_i.</summary>
    public ReadOnlySpan<double> Weights => _b;

    /// <summary>b_i.</summary>
    public double Weight(int stage) => _b[stage];

    /// <summary>c_i.</summary>
    public double Node(int stage) => _c[stage];

    /// <summary>One step.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <typeparam name="TField">f; a structure costs no object.</typeparam>
    /// <param name="field">f.</param>
    /// <param name="state">y at t, [rows, D], a block.</param>
    /// <param name="time">t.</param>
    /// <param name="step">h, negative for a step back.</param>
    /// <returns>y at t + h.</returns>
    public Variable<T> Step<T, TField>(in TField field, Variable<T> state, double time, double step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TField : IVectorField<T>
    {
        var slopes = default(Slopes<T>);
        for (var i = 0; i < _b.Length; i++)
            slopes[i] = field.Derivative(Move(state, slopes, _a[i], step), time + (_c[i] * step));
        return Move(state, slopes, _b, step);
    }

    /// <summary>y + h Σ_j w_j k_j.</summary>
    public static Variable<T> Move<T>(Variable<T> state, in Slopes<T> slopes, ReadOnlySpan<double> weights, double step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var j = 0; j < weights.Length; j++)
        {
            if (weights[j] != 0)
                state += slopes[j] * T.CreateTruncating(weights[j] * step);
        }

        return state;
    }

    /// <summary>The slopes of a step, as many as the longest method has.</summary>
    [InlineArray(6)]
    public struct Slopes<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private Variable<T> _first;
    }
}
