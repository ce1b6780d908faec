using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>A weighted mean of K Möbius maps of the circle that keep the point −1 fixed, from raw numbers [K, 4]: direction x and y, length, weight.</summary>
/// <remarks>
/// <para>
/// Rezende et al. 2020, "Normalizing flows on tori and spheres", section 2.1.1, where images are averaged as angles after they were turned back by that of a
/// fixed point. With ω of length ρ in the disc, a map that fixes −1 multiplies tan(ψ/2) and shifts it, so with ψ in [−π, π]
/// ψ' = Σ_k π_k 2 atan2(|1 + ω|² sin(ψ/2) − 2 ω_y cos(ψ/2), (1 − ρ²) cos(ψ/2)): no branch to choose.
/// ln dψ'/dψ = lse_k [ln π_k + ln(1 − ρ²) − ln((1 − ρ)² + 4ρ sin²((ψ − χ)/2))] with χ the angle of ω.
/// </para>
/// <para>The inverse is a root between those of the components. Immutable.</para>
/// </remarks>
internal sealed class MoebiusMixture<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // ρ = 0.001 + 0.998 σ(length).
    private const double LeastLength = 0.001;
    private const double LengthRange = 0.998;

    private static readonly T _half = T.CreateTruncating(0.5);
    private static readonly T _two = T.CreateTruncating(2);

    private readonly GatherColumnsOperation<T>[] _columns;

    public MoebiusMixture(int components)
    {
        Components = components;
        _columns = [.. Enumerable.Range(0, 4).Select(column => new GatherColumnsOperation<T>([.. Enumerable.Range(0, components).Select(k => (4 * k) + column)]))];
    }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>ψ' of ψ in [−π, π].</summary>
    public Variable<T> Apply(Variable<T> psi, Variable<T> raw, out Variable<T> logSlope) => Function(raw).Evaluate(psi, out logSlope);

    /// <summary>ψ of ψ' in [−π, π], and ln dψ/dψ'.</summary>
    public Variable<T> Solve(Variable<T> psi, Variable<T> raw, out Variable<T> logSlope)
    {
        var tape = psi.Tape!;
        var function = Function(raw);
        var (lower, upper, guess) = (tape.Allocate(1), tape.Allocate(1), tape.Allocate(1));
        using (tape.WithoutRecording())
        {
            var half = psi * _half;
            var (sine, cosine) = (half.Sin(), half.Cos());
            var ends = ((function.Complement * sine) + (function.Shift * cosine)).Atan2(function.Scale * cosine) * _two;
            tape.CopyInto(-(-ends).MaxSegments(Components), lower);
            tape.CopyInto(ends.MaxSegments(Components), upper);
            tape.CopyInto((ends * function.Weights).SumColumns(), guess);
        }

        return MonotoneSolver<T>.Solve(function, psi, lower, upper, guess, out logSlope);
    }

    private MoebiusFunction Function(Variable<T> raw)
    {
        var tape = raw.Tape!;
        var (x, y) = (_columns[0].Apply(raw), _columns[1].Apply(raw));
        var length = _columns[2].Apply(raw);
        var rho = (length.Sigmoid() * T.CreateTruncating(LengthRange)) + T.CreateTruncating(LeastLength);
        var gap = ((-length).Sigmoid() * T.CreateTruncating(LengthRange)) + T.CreateTruncating(LeastLength);
        var norm = x.Hypot(y);
        var overNorm = norm.Reciprocal();

        // 1 + d_x without cancellation where d_x is near −1: y²/(|v| − x) over |v|.
        var isBehind = x.Less(tape.Constant(T.Zero));
        var onePlus = isBehind.Where(y.Square(), norm + x) / isBehind.Where(norm - x, tape.Constant(T.One)) * overNorm;
        var complement = gap * (rho + T.One);
        var logWeights = _columns[3].Apply(raw).LogSoftmaxSegments(Components);
        return new MoebiusFunction(
            Scale: gap.Square() + (rho * onePlus * _two),
            Shift: rho * (y * overNorm) * _two,
            Complement: complement,
            LogFactors: logWeights + complement.Log(),
            Weights: logWeights.Exp(),
            Angles: y.Atan2(x),
            Gaps: gap.Square(),
            Lengths: rho * T.CreateTruncating(4));
    }

    private readonly record struct MoebiusFunction(
        Variable<T> Scale, Variable<T> Shift, Variable<T> Complement, Variable<T> LogFactors, Variable<T> Weights, Variable<T> Angles, Variable<T> Gaps, Variable<T> Lengths)
        : IMonotoneFunction<T>
    {
        public Axis Domain => Axis.Real;

        public Variable<T> Evaluate(Variable<T> x, out Variable<T> logSlope)
        {
            var half = x * _half;
            var (sine, cosine) = (half.Sin(), half.Cos());
            var images = ((Scale * sine) - (Shift * cosine)).Atan2(Complement * cosine);
            var distance = ((x - Angles) * _half).Sin().Square();
            logSlope = (LogFactors - ((Lengths * distance) + Gaps).Log()).LogSumExp();
            return (images * Weights).SumColumns() * _two;
        }
    }
}
