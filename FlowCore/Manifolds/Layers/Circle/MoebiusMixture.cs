using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>A weighted mean of K Möbius maps of the circle that keep the point −1 fixed, from raw numbers [K, 4]: direction x and y, length, weight.</summary>
/// <remarks>
/// <para>
/// Rezende et al. 2020, "Normalizing flows on tori and spheres", section 2.1.1, where images are averaged as angles after they were turned back by that of a
/// fixed point. With ω of length ρ in the disc, a map that fixes −1 multiplies tan(ψ/2) and shifts it, so with ψ in [−π, π]
/// ψ' = Σ_k π_k 2 atan2(|1 + ω|² sin(ψ/2) − 2 ω_y cos(ψ/2), (1 − ρ²) cos(ψ/2)): no branch to choose. See <see cref="MoebiusMixtureOperation{T}"/>.
/// </para>
/// <para>The inverse is a root between those of the components. Immutable.</para>
/// </remarks>
internal sealed class MoebiusMixture<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // ρ = 0.001 + 0.998 σ(length).
    private const double LeastLength = 0.001;
    private const double LengthRange = 0.998;

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
    public Variable<T> Apply(Variable<T> psi, Variable<T> raw, out Variable<T> logSlope) =>
        MoebiusMixtureOperation<T>.Of(inverse: false).Apply(psi, Numbers(raw), out logSlope);

    /// <summary>ψ of ψ' in [−π, π], and ln dψ/dψ'.</summary>
    public Variable<T> Solve(Variable<T> psi, Variable<T> raw, out Variable<T> logSlope) =>
        MoebiusMixtureOperation<T>.Of(inverse: true).Apply(psi, Numbers(raw), out logSlope);

    // |1 + ω|², 2 ω_y, 1 − ρ² and the weights.
    private Variable<T> Numbers(Variable<T> raw)
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
        return VariableFunctions.Concatenate(
            gap.Square() + (rho * onePlus * _two), rho * (y * overNorm) * _two, gap * (rho + T.One), _columns[3].Apply(raw).SoftmaxSegments(Components));
    }
}
