using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A Möbius map of the azimuth, and a map of the zenith whose numbers a network makes of the azimuth.</summary>
/// <remarks>
/// Rezende et al. 2020, "Normalizing flows on tori and spheres", section 2.3.1, with the zenith in coordinates that keep areas: letters of intervals act on U = (1 − n_z)/2, those of real
/// numbers on ln U − ln V, V = 1 − U. So ld is the sum of both slopes' logarithms, without a sine. The density depends on the azimuth at the poles, a jump of no measure.
/// </remarks>
internal sealed class AutoregressiveSphereLayer<T> : SphereLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What fresh weights are divided by, so that the network begins at its last bias.
    private const double FreshScale = 1e-3;

    private readonly UnitLayers<T> _zenith;
    private readonly AmortizableMlpShape? _network;
    private readonly MoebiusMixture<T> _moebius;

    /// <summary>Creates the layer.</summary>
    /// <param name="rotation">The rotation; null for none.</param>
    /// <param name="zenith">The layers of the zenith; the first is the first in the evaluation.</param>
    /// <param name="network">The network that gives their numbers of cosine and sine of the azimuth; null where they have none.</param>
    /// <param name="components">How many Möbius maps.</param>
    public AutoregressiveSphereLayer(SphereRotation? rotation, UnitLayers<T> zenith, AmortizableMlpShape? network, int components)
        : base(rotation, ListArrays(network, components)) =>
        (_zenith, _network, _moebius) = (zenith, network, new MoebiusMixture<T>(components));

    private int MoebiusArray => RotationArrays + (_network is null ? 0 : 1);

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        base.Fresh(numbers, stream);
        stream.Substream(1).FillNormal(Part(numbers, MoebiusArray));
        if (_network is null)
            return;
        var bias = new double[_network.Outputs];
        _zenith.Fresh(bias, stream.Substream(2));
        _network.Fresh(Part(numbers, RotationArrays), stream.Substream(3), FreshScale, bias);
    }

    /// <inheritdoc/>
    protected override Variable<T> EvaluateRotated(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var (cosine, sine) = Azimuth(x);
        var azimuth = _moebius.Apply(sine.Atan2(cosine), parameters[MoebiusArray], out var ofAzimuth);
        var (u, v) = MapZenith(x, Numbers(cosine, sine, parameters), sample: false, out var ofZenith);
        logDet = TangentRules.Sum(ofAzimuth, ofZenith);
        return Point(azimuth.Cos(), azimuth.Sin(), u, v);
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleRotated(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var (cosine, sine) = Azimuth(z);
        var azimuth = _moebius.Solve(sine.Atan2(cosine), parameters[MoebiusArray], out var ofAzimuth);
        (cosine, sine) = (azimuth.Cos(), azimuth.Sin());
        var (u, v) = MapZenith(z, Numbers(cosine, sine, parameters), sample: true, out var ofZenith);
        logDet = TangentRules.Sum(-ofAzimuth, ofZenith);
        return Point(cosine, sine, u, v);
    }

    private static (Variable<T> Cosine, Variable<T> Sine) Azimuth(Variable<T> n)
    {
        var tape = n.Tape!;
        var (x, y) = (n.Slice(0, 1), n.Slice(1, 1));
        var isPole = ManifoldChart<T>.IsPole(x, y);
        (x, y) = (isPole.Where(tape.Constant(T.One), x), isPole.Where(tape.Constant(T.Zero), y));
        var rho = x.Hypot(y);
        return (x / rho, y / rho);
    }

    private static Variable<T> Point(Variable<T> cosine, Variable<T> sine, Variable<T> u, Variable<T> v)
    {
        var rho = (u * v).Max(u.Tape!.Constant(NumberLimits<T>.SmallestNormal)).Sqrt() * T.CreateTruncating(2);
        return VariableFunctions.Concatenate(cosine * rho, sine * rho, SphereHeight<T>.Of(u, v));
    }

    private Variable<T> Numbers(Variable<T> cosine, Variable<T> sine, in LayerParameters<T> parameters) =>
        _network is null ? default : _network.Apply(VariableFunctions.Concatenate(cosine, sine), parameters[RotationArrays]);

    private (Variable<T> U, Variable<T> V) MapZenith(Variable<T> n, Variable<T> numbers, bool sample, out Variable<T> logDet)
    {
        var (u, v) = BaseChart<T>.Halves(n.Slice(0, 1), n.Slice(1, 1), n.Slice(2, 1));
        return _zenith.Apply(u, v, numbers, 0, sample, out logDet);
    }

    private static List<LayerArray> ListArrays(AmortizableMlpShape? network, int components)
    {
        var arrays = new List<LayerArray>();
        if (network is not null)
            arrays.Add(new LayerArray("amortized_mlp.u_v_b_pars", network.ParameterCount));
        arrays.Add(new LayerArray($"moebius_trafo.{MoebiusLayer<T>.ArrayName}", components, 4));
        return arrays;
    }
}
