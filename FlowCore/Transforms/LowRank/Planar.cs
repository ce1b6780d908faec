using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>f(v) = v + û h(wᵀv + b): the points are moved along one direction û, by how far they are along another, w; log|det J| = ln(1 + c h'(α)), c = wᵀû.</summary>
/// <remarks>
/// <para>
/// Rezende and Mohamed 2015, "Variational inference with normalizing flows", equations 10 to 12 and appendix A.1: û = u + (softplus(a) − 1 − a) w / |w|² with a = wᵀu, so
/// that c = softplus(a) − 1 &gt; −1 and f is a bijection. In place of |w|² stands |w|² + 10⁻²⁴, and c is what that makes of it, so w = 0 does no harm.
/// </para>
/// <para>
/// The paper maps noise to data: there it stands inverted (<see cref="Inverted{T}"/>). f costs 2D a row. f⁻¹ is α of wᵀy + b = α + c h(α), in closed form for the
/// leaky ReLU and by bracketed Newton steps for tanh, and then v = y − û h(α). One layer bends along one direction; many are needed.
/// Take it to see what a flow is, or with a network that gives the 2D + 1 numbers [w | u | b] for cheap conditional corrections.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Planar<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A |w|² below it counts as none. It is within the range of float, and too small to be seen beside any other |w|².
    private static readonly T _tiny = T.CreateTruncating(1e-24);

    /// <summary>Creates the transform with free numbers.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the names: <c>.u</c> [D], <c>.w</c> [D], <c>.b</c> [1].</param>
    /// <param name="function">h.</param>
    /// <param name="slope">k in (0, 1], of the leaky ReLU.</param>
    /// <param name="initialization">Where fresh numbers come from: u uniform in ±√2, w in ±√(2/D), b zero, as in normflows. Null for a stream of the name's own: zeros would be the identity without a gradient.</param>
    /// <exception cref="ArgumentException">A number is out of range or the name is empty.</exception>
    public Planar(int features, string name, PlanarFunction function = PlanarFunction.Tanh, double slope = 0.2, RandomStream? initialization = null)
        : this(features, 0, CreateParameters(features, name, initialization ?? FreshParameters.StreamOf(name)), function, slope) => Name = name;

    /// <summary>Creates the transform with a network that gives its numbers.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="conditioner">The network, from the conditions to the 2D + 1 numbers [w | u | b].</param>
    /// <param name="function">h.</param>
    /// <param name="slope">k in (0, 1], of the leaky ReLU.</param>
    /// <exception cref="ArgumentException">The network has another number of outputs, or a number is out of range.</exception>
    public Planar(int features, Network<T> conditioner, PlanarFunction function = PlanarFunction.Tanh, double slope = 0.2)
        : this(features, (conditioner ?? throw new ArgumentNullException(nameof(conditioner))).Inputs, conditioner.Parameters, function, slope)
    {
        if (conditioner.Outputs != (2 * features) + 1)
            throw new ArgumentException($"Expected a network of {(2 * features) + 1} outputs; one of {conditioner.Outputs} came.", nameof(conditioner));
        Conditioner = conditioner;
    }

    private Planar(int features, int conditionColumns, IReadOnlyList<Parameter<T>> parameters, PlanarFunction function, double slope)
        : base(features, conditionColumns, parameters)
    {
        if (!Enum.IsDefined(function))
            throw new ArgumentOutOfRangeException(nameof(function), function, $"Expected a function of the list; {function} came.");
        if (slope is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(slope), slope, $"Expected a slope in (0, 1]; {slope} came.");
        Function = function;
        Slope = slope;
        Name = string.Empty;
    }

    /// <inheritdoc/>
    public static string Kind => "planar";

    /// <summary>h.</summary>
    public PlanarFunction Function { get; }

    /// <summary>k.</summary>
    public double Slope { get; }

    /// <summary>The prefix of the parameters' names; empty with a network.</summary>
    public string Name { get; private init; }

    /// <summary>The network that gives the numbers; null where they are free.</summary>
    public Network<T>? Conditioner { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var (features, function, slope) = (reader.Size("features"), reader.Enumeration<PlanarFunction>("function"), reader.Number("slope"));
        if (reader.Has("conditioner"))
            return new Planar<T>(features, reader.Part<Network<T>>("conditioner"), function, slope);
        var name = reader.Text("name");

        // The numbers are the file's.
        return new Planar<T>(features, 0, CreateParameters(features, name, initialization: null), function, slope) { Name = name };
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("function", Function.ToString());
        writer.Write("slope", Slope);
        if (Conditioner is null)
            writer.Write("name", Name);
        else
            writer.Write("conditioner", Conditioner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        var plane = Numbers(tape, conditions);
        var alpha = (x * plane.W).SumColumns() + plane.B;
        if (Function == PlanarFunction.Tanh)
        {
            var tanh = alpha.Tanh();
            logDet = TanhPlusLine<T>.LogSlope(alpha, tanh, plane.Slope);
            return x + (plane.U * tanh);
        }

        var kappa = Kappa(alpha);
        logDet = Bend(kappa, plane.Slope).Log();
        return x + (plane.U * (kappa * alpha));
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        var plane = Numbers(tape, conditions);
        var target = (z * plane.W).SumColumns() + plane.B;
        if (Function == PlanarFunction.Tanh)
        {
            var alpha = MonotoneSolver<T>.Solve(new TanhPlusLine<T>(plane.Slope), target, out logDet);
            return z - (plane.U * alpha.Tanh());
        }

        // The factor of α is positive on either side, so target and α have the same sign.
        var kappa = Kappa(target);
        var bend = Bend(kappa, plane.Slope);
        logDet = -bend.Log();
        return z - (plane.U * (kappa * (target / bend)));
    }

    private static Parameter<T>[] CreateParameters(int features, string name, RandomStream? initialization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Parameter<T>[] parameters = [Vector("u", features), Vector("w", features), Vector("b", 1)];
        if (initialization is { } stream)
        {
            FreshParameters.FillUniform(parameters[0], stream.Substream(0), Math.Sqrt(2));
            FreshParameters.FillUniform(parameters[1], stream.Substream(1), Math.Sqrt(2.0 / features));
        }

        return parameters;
        Parameter<T> Vector(string suffix, int length) => new($"{name}.{suffix}", 1, length, isVector: true);
    }

    private (Variable<T> W, Variable<T> U, Variable<T> B, Variable<T> Slope) Numbers(Tape<T> tape, Variable<T> conditions)
    {
        ArgumentNullException.ThrowIfNull(tape);
        Variable<T> w, u, b;
        if (Conditioner is null)
        {
            (u, w, b) = (tape.Use(Parameters[0]), tape.Use(Parameters[1]), tape.Use(Parameters[2]));
        }
        else
        {
            var numbers = Conditioner.ApplyCore(tape, tape.AsBlock(conditions));
            (w, u, b) = (numbers.Slice(0, Features), numbers.Slice(Features, Features), numbers.Slice(2 * Features, 1));
        }

        var product = (w * u).SumColumns();
        var square = w.Square().SumColumns();
        var norm = square + _tiny;

        // 1 + c; as a sum of positive terms it is exact however close c comes to −1.
        var slope = (product.Softplus() * (square / norm)) + (_tiny / norm);
        return (w, u + (w * ((slope - T.One - product) / norm)), b, slope);
    }

    // h(α) = κ α with κ = h'(α): 1 or k.
    private Variable<T> Kappa(Variable<T> alpha)
    {
        var slope = T.CreateTruncating(Slope);
        return (alpha.Tape!.Constant(T.Zero).Less(alpha) * (T.One - slope)) + slope;
    }

    // 1 + c κ with 1 + c = s.
    private static Variable<T> Bend(Variable<T> kappa, Variable<T> slope) => (T.One - kappa) + (kappa * slope);
}
