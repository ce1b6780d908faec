using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;

namespace FlowCore.Manifolds;

/// <summary>A potential on the sphere, Σ_k w_k P_k(n·μ_k), from raw numbers [P, K], row by row, and the map of the sphere along its gradient.</summary>
/// <remarks>
/// Rezende et al. 2020, "Normalizing flows on tori and spheres", section 2.3.2, after Sei 2013. With τ = n·μ, a = P'(τ): g = Σ w a μ, A = Σ w a' μ μᵀ, v the tangent part of g,
/// α = |v|: n' = n cos α + v sin α / α. As Σ w |a| &lt; 1 and a' ≥ 0 the derivative in the frames of the move and across is positive definite, for all numbers, so the map is one to one.
/// Immutable.
/// </remarks>
internal sealed class SpherePotential<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Bins = 10;
    private const double LeastPart = 1e-3;
    private const double LeastSquare = 1e-30;

    private readonly int _components;
    private readonly PotentialKind _kind;
    private readonly bool _isReflected;
    private readonly GatherColumnsOperation<T>[] _splineColumns = [];
    private readonly SplineOperation<T>? _spline;

    /// <summary>Sets the kind.</summary>
    /// <param name="components">K.</param>
    /// <param name="kind">P_k.</param>
    /// <param name="isReflected">Whether the directions are given by three reflections of the pole, else by vectors.</param>
    public SpherePotential(int components, PotentialKind kind, bool isReflected)
    {
        (_components, _kind, _isReflected) = (components, kind, isReflected);
        if (kind != PotentialKind.Spline)
            return;
        var settings = new SplineSettings(Bins, 1)
        {
            Parametrization = SplineParametrization.Softmax,
            Ends = SplineEnds.Free,
            MinimumWidth = LeastPart,
            MinimumHeight = LeastPart,
            MinimumSlope = LeastPart,
        };
        _spline = new SplineOperation<T>(settings, [0]);
        _splineColumns =
        [
            .. Enumerable.Range(0, components).Select(k =>
                new GatherColumnsOperation<T>([.. Enumerable.Range(0, settings.ParametersPerFeature).Select(j => ((WeightRow + 1 + j) * components) + k)])),
        ];
    }

    /// <summary>P: how many numbers a component has.</summary>
    public int Rows => RowsOf(_kind, _isReflected);

    private int WeightRow => _isReflected ? 10 : 3;

    /// <summary>P of a kind.</summary>
    public static int RowsOf(PotentialKind kind, bool isReflected) => (isReflected ? 11 : 4) + kind switch
    {
        PotentialKind.Exponential => 1,
        PotentialKind.Spline => (3 * Bins) + 1,
        _ => 0,
    };

    /// <summary>What the map needs of the raw numbers.</summary>
    public Components Prepare(Variable<T> raw)
    {
        var tape = raw.Tape!;
        var least = tape.Constant(T.CreateTruncating(LeastSquare));
        Variable<T> x, y, z, strength;
        if (_isReflected)
        {
            (x, y, z) = (tape.Constant(T.Zero), tape.Constant(T.Zero), tape.Constant(T.One));
            for (var i = 2; i >= 0; i--)
            {
                var (vx, vy, vz) = (Row(raw, 3 * i), Row(raw, (3 * i) + 1), Row(raw, (3 * i) + 2));
                var factor = ((x * vx) + (y * vy) + (z * vz)) * T.CreateTruncating(2) / (vx.Square() + vy.Square() + vz.Square()).Max(least);
                (x, y, z) = (x - (vx * factor), y - (vy * factor), z - (vz * factor));
            }

            strength = Row(raw, 9).Sigmoid();
        }
        else
        {
            var (dx, dy, dz) = (Row(raw, 0), Row(raw, 1), Row(raw, 2));
            var length = (dx.Square() + dy.Square() + dz.Square()).Max(least).Sqrt();
            (x, y, z) = (dx / length, dy / length, dz / length);

            // 1 − ln(1 + (e − 1) e^(−|d|/10)), from 0 to 1.
            strength = T.One - ((length * T.CreateTruncating(-0.1)).Exp() * T.CreateTruncating(Math.E - 1)).Log1p();
        }

        var weights = Row(raw, WeightRow).SoftmaxSegments(_components) * strength;
        return new Components(raw, x, y, z, weights, _kind == PotentialKind.Exponential ? Row(raw, WeightRow + 1).Exp() : default);
    }

    /// <summary>The map at a point.</summary>
    public ExponentialPoint<T> Map(Variable<T> n, in Components components)
    {
        var tape = n.Tape!;
        var (mx, my, mz) = (components.X, components.Y, components.Z);
        var (x, y, z) = (n.Slice(0, 1), n.Slice(1, 1), n.Slice(2, 1));
        var tau = (x * mx) + (y * my) + (z * mz);
        var slope = Slopes(tau, components, out var curvature);
        var pull = components.Weights * slope;
        var g = VariableFunctions.Concatenate((pull * mx).SumColumns(), (pull * my).SumColumns(), (pull * mz).SumColumns());
        var gamma = (pull * tau).SumColumns();
        var v = g - (n * gamma);
        var square = v.Square().SumColumns();

        // A point that stays has no direction of its own: any will do.
        var stays = square.LessOrEqual(tape.Constant(NumberLimits<T>.SmallestNormal));
        var angle = stays.Where(tape.Constant(NumberLimits<T>.SmallestNormal), square).Sqrt();
        var along = stays.Where(AnyTangent(n), v / angle);
        var across = Cross(n, along);
        var image = (n * angle.Cos()) + (v * angle.Sinc());
        var stretch = T.One - gamma;
        if (curvature.IsNone)
            return new ExponentialPoint<T>(image, along, across, stretch, tape.Zeros(1), -gamma, angle);
        var bend = components.Weights * curvature;
        var (ofAlong, ofAcross) = (Project(along, components), Project(across, components));
        return new ExponentialPoint<T>(
            image, along, across, stretch + (bend * ofAlong.Square()).SumColumns(), (bend * ofAlong * ofAcross).SumColumns(), (bend * ofAcross.Square()).SumColumns() - gamma, angle);
    }

    /// <summary>a × b of every row.</summary>
    public static Variable<T> Cross(Variable<T> a, Variable<T> b)
    {
        var (ax, ay, az) = (a.Slice(0, 1), a.Slice(1, 1), a.Slice(2, 1));
        var (bx, by, bz) = (b.Slice(0, 1), b.Slice(1, 1), b.Slice(2, 1));
        return VariableFunctions.Concatenate((ay * bz) - (az * by), (az * bx) - (ax * bz), (ax * by) - (ay * bx));
    }

    // P'(τ) and P''(τ); "no variable" for zero.
    private Variable<T> Slopes(Variable<T> tau, in Components components, out Variable<T> curvature)
    {
        curvature = default;
        switch (_kind)
        {
            case PotentialKind.Exponential:
                var slope = ((tau - T.One) * components.Sharpness).Exp();
                curvature = slope * components.Sharpness;
                return slope;
            case PotentialKind.Linear:
                return tau.Tape!.Ones(_components);
            case PotentialKind.Quadratic:
                curvature = tau.Tape!.Ones(_components);
                return tau;
            default:
                var (slopes, logs) = (tau.Tape!.Allocate(_components), tau.Tape!.Allocate(_components));
                for (var k = 0; k < _components; k++)
                    _spline!.ApplyInto(tau.Slice(k, 1), _splineColumns[k].Apply(components.Raw), slopes.Slice(k, 1), logs.Slice(k, 1));
                curvature = logs.Exp();
                return slopes;
        }
    }

    private static Variable<T> Project(Variable<T> direction, in Components components) =>
        (direction.Slice(0, 1) * components.X) + (direction.Slice(1, 1) * components.Y) + (direction.Slice(2, 1) * components.Z);

    // Across the axis that n is far from.
    private static Variable<T> AnyTangent(Variable<T> n)
    {
        var tape = n.Tape!;
        var isSteep = n.Slice(2, 1).Abs().Less(tape.Constant(T.CreateTruncating(0.5)));
        var axis = isSteep.Where(tape.Constant([T.Zero, T.Zero, T.One]), tape.Constant([T.One, T.Zero, T.Zero]));
        var tangent = Cross(n, axis);
        return tangent / tangent.Square().SumColumns().Sqrt();
    }

    private Variable<T> Row(Variable<T> raw, int row) => raw.Slice(row * _components, _components);

    /// <summary>Unit vectors μ, weights and sharpness of the components, [rows, K] or shared, and the raw numbers.</summary>
    internal readonly record struct Components(Variable<T> Raw, Variable<T> X, Variable<T> Y, Variable<T> Z, Variable<T> Weights, Variable<T> Sharpness);
}
