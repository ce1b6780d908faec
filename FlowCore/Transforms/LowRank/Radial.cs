using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// f(v) = v + h (v − v₀), h = β / (α + r), r = |v − v₀|: the points around a centre are spread or drawn together; log|det J| = (D − 1) ln(1 + h) + ln(1 + αβ / (α + r)²).
/// </summary>
/// <remarks>
/// <para>
/// Rezende and Mohamed 2015, "Variational inference with normalizing flows", equation 14 and appendix A.2, with α = |α_raw| and β = softplus(β_raw) − α &gt; −α, so that f is a
/// bijection. The paper maps noise to data: there it stands inverted (<see cref="Inverted{T}"/>).
/// </para>
/// <para>
/// f⁻¹ is closed: with R = |y − v₀|, B = R − α − β and q = √(B² + 4αR), r = (B + q)/2, or 2αR / (q − B) for B &lt; 0. 3D a row in either direction. One layer knows one centre. Start it with
/// random numbers: α = 0 has no gradient.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Radial<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Under roots and in denominators that may be 0: a root then has a finite slope, and 0/0 is 0.

    /// <summary>Creates the transform.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the names: <c>.beta</c> [1], <c>.alpha</c> [1], <c>.z_0</c> [D].</param>
    /// <param name="initialization">
    /// Where fresh numbers come from: α_raw uniform in ±1/D, β_raw in −1 ± 1/D, v₀ normal, as in normflows. Null for α = 1, β = 0 and v₀ = 0, the identity.
    /// </param>
    /// <exception cref="ArgumentException">The size is out of range or the name is empty.</exception>
    public Radial(int features, string name, RandomStream? initialization = null)
        : base(features, 0, CreateParameters(features, name, initialization)) => Name = name;

    /// <inheritdoc/>
    public static string Kind => "radial";

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Radial<T>(reader.Size("features"), reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("name", Name);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        var (alpha, sum, centre) = Numbers(tape);
        var offset = x - centre;
        var radius = Length(offset);
        logDet = LogDet(alpha, sum, radius);
        return x + (offset * ((sum - alpha) / (radius + alpha)));
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        var (alpha, sum, centre) = Numbers(tape);
        var offset = z - centre;
        var length = Length(offset);
        var difference = length - sum;
        var product = length * (alpha * T.CreateTruncating(4));

        // q + |B|, from which both forms of the root follow without cancelling.
        var whole = (difference.Square() + product + NumberLimits<T>.SmallestNormal).Sqrt() + difference.Abs();
        var isAbove = tape.Constant(T.Zero).Less(difference);
        var half = T.CreateTruncating(0.5);
        var radius = isAbove.Where(whole * half, (product * half) / whole);
        logDet = -LogDet(alpha, sum, radius);

        // 1 / (1 + h) = (α + r) / (α + β + r).
        return centre + (offset * ((radius + alpha) / (radius + sum)));
    }

    private static Parameter<T>[] CreateParameters(int features, string name, RandomStream? initialization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Parameter<T>[] parameters =
        [
            LinearParameters.Vector<T>($"{name}.beta", 1, LinearParameters.SoftplusOfOne(0)), LinearParameters.Vector<T>($"{name}.alpha", 1, 1),
            LinearParameters.Vector<T>($"{name}.z_0", features),
        ];
        if (initialization is { } stream)
        {
            FreshParameters.FillUniform(parameters[0], stream.Substream(0), 1.0 / features);
            parameters[0].Write([parameters[0].Values[0] - T.One]);
            FreshParameters.FillUniform(parameters[1], stream.Substream(1), 1.0 / features);
            FreshParameters.FillNormal(parameters[2], stream.Substream(2), 1);
        }

        return parameters;
    }

    private static Variable<T> Length(Variable<T> offset) => (offset.Square().SumColumns() + NumberLimits<T>.SmallestNormal).Sqrt();

    // Both logarithms of 1 + small and of sums of positive terms: 1 + h = (α + β + r) / (α + r), and
    // 1 + αβ / (α + r)² = (r² + 2αr + α(α + β)) / (α + r)².
    private Variable<T> LogDet(Variable<T> alpha, Variable<T> sum, Variable<T> radius)
    {
        var beta = sum - alpha;
        var outer = radius + alpha;
        var square = outer.Square();
        var alongRadius = LogOnePlus((alpha * beta) / square, ((radius * (radius + (alpha * T.CreateTruncating(2)))) + (alpha * sum)) / square);
        return Features == 1 ? alongRadius : alongRadius + (LogOnePlus(beta / outer, (radius + sum) / outer) * T.CreateTruncating(Features - 1));
    }

    // ln q with q = 1 + h, exact for small h and for small q.
    private static Variable<T> LogOnePlus(Variable<T> h, Variable<T> q)
    {
        var tape = h.Tape!;
        return h.Max(tape.Constant(T.CreateTruncating(-0.5))).Log1p() + (q * T.CreateTruncating(2)).Min(tape.Constant(T.One)).Log();
    }

    // α, α + β and v₀.
    private (Variable<T> Alpha, Variable<T> Sum, Variable<T> Centre) Numbers(Tape<T> tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return (tape.Use(Parameters[1]).Abs(), tape.Use(Parameters[0]).Softplus(), tape.Use(Parameters[2]));
    }
}
