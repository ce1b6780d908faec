using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>
/// The whitening of a mixture of normal distributions, feature by feature given the earlier ones: w_j = Φ⁻¹(F(z_j | z_1 … z_{j−1})) (M. Rosenblatt, "Remarks on
/// a multivariate transformation", Ann. Math. Statist. 23, 1952).
/// </summary>
/// <remarks>
/// With the rows e_k = L_k⁻¹ (z − μ_k) of the components, F(z_j | …) = Σ_k v_k Φ(e_kj) where v_k ∝ w_k Π_{i&lt;j} φ(e_ki) / L_k,ii. Whichever tail is smaller is
/// summed, so both keep their precision.
/// </remarks>
internal sealed class MixtureWhitening<T> : NoiseWhitening<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _components;
    private readonly int _triangle;
    private readonly bool _isSpherical;
    private readonly double _floor;

    // Logits, means, logarithms of the diagonals, entries below them; the same order as a network's outputs.
    private readonly double[]? _numbers;

    public MixtureWhitening(NormalMixture<T> mixture)
        : base(mixture.Features, mixture.Conditioner)
    {
        (_components, _isSpherical, _floor) = (mixture.Components, mixture.IsSpherical, mixture.Floor);
        _triangle = mixture.IsDiagonal || Features == 1 ? 0 : PackedMatrix<T>.TriangleLength(Features);
        if (mixture.Conditioner is null)
            _numbers = [.. mixture.Parameters.SelectMany(Read)];
    }

    /// <inheritdoc/>
    public override int ScratchLength => (_components * (1 + Features)) + (_numbers is null ? Encoder!.Outputs : 0);

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<T> z, Span<double> white, Span<double> scratch)
    {
        var logWeights = scratch[.._components];
        var standard = scratch.Slice(_components, _components * Features);
        ReadOnlySpan<double> numbers = _numbers;
        if (_numbers is null)
        {
            var own = scratch.Slice(_components * (1 + Features), Encoder!.Outputs);
            for (var i = 0; i < own.Length; i++)
                own[i] = double.CreateTruncating(z[Features + i]);
            numbers = own;
        }

        numbers[.._components].CopyTo(logWeights);
        var means = numbers.Slice(_components, _components * Features);
        var logDiagonals = numbers[(_components * (1 + Features))..];
        var entries = logDiagonals[(_isSpherical ? _components : _components * Features)..];
        for (var j = 0; j < Features; j++)
        {
            var (largest, total, lower, upper) = (double.NegativeInfinity, 0.0, 0.0, 0.0);
            foreach (var weight in logWeights)
                largest = Math.Max(largest, weight);
            for (var k = 0; k < _components; k++)
            {
                var scale = Math.Exp(logDiagonals[_isSpherical ? k : (k * Features) + j]) + _floor;
                var own = standard.Slice(k * Features, Features);
                var centred = double.CreateTruncating(z[j]) - means[(k * Features) + j];
                if (_triangle > 0)
                {
                    for (var i = 0; i < j; i++)
                        centred -= entries[(k * _triangle) + PackedMatrix<T>.Below(j, i)] * own[i];
                }

                own[j] = centred / scale;
                var share = Math.Exp(logWeights[k] - largest);
                total += share;
                lower += share * NormalDistribution.Cdf(own[j]);
                upper += share * NormalDistribution.Survival(own[j]);
                logWeights[k] -= (0.5 * own[j] * own[j]) + Math.Log(scale);
            }

            white[j] = lower <= upper ? NormalDistribution.Quantile(lower / total) : -NormalDistribution.Quantile(upper / total);
        }
    }
}
