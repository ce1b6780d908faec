using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>z_j = ∫₀^{x_j} g_j(t, s_j) dt + c_j with a slope g = exp(u / (1 + |u|/7)) whose u is a network for each feature; s_j are S signals of the conditioner.</summary>
/// <remarks>
/// <para>
/// Wehenkel and Louppe 2019, "Unconstrained monotonic neural networks", sections 3 and 4; numbers and names as in zuko's UNAF: the integral by Gauss-Legendre
/// quadrature on [0, x]. Raw parameters: the S signals, then c. ln ∂z/∂x = u / (1 + |u|/7) at x, and that is also what is differentiated by x, whatever the quadrature leaves over.
/// </para>
/// <para>
/// An evaluation of the network for each node and one more, so this is the dearest of the maps here. As g lies between e^−7 and e^7, so does the slope of the inverse, and x within
/// e^7 |z − c| on the side of z − c, between which it is solved for. Such integrals are universal.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class IntegratedNetwork<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The largest logarithm of a slope, as in zuko.
    private const double LargestLogSlope = 7;

    private readonly FeatureNetworks<T> _networks;
    private readonly LinearOperation<T> _hidden;
    private readonly T[] _nodes;
    private readonly T[] _weights;

    /// <summary>Creates the map.</summary>
    /// <param name="features">D, at least 1: how many features it serves.</param>
    /// <param name="name">The prefix of the names: <c>{name}.integrand.{2l}.weight</c> is [D · out, in], <c>.bias</c> [D · out].</param>
    /// <param name="signals">S, at least 1.</param>
    /// <param name="hiddenSizes">The units of each hidden layer, at least one layer; null for 64 and 64.</param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√inputs. Null for a stream of the name's own.</param>
    /// <param name="nodes">The nodes of the quadrature, at least 1: 32 as in zuko; more where |x| is large.</param>
    /// <param name="activation">The activation of the hidden layers; null for ELU, as in zuko. The quadrature is the more exact the smoother it is.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the name is empty.</exception>
    public IntegratedNetwork(
        int features, string name, int signals = 16, IReadOnlyList<int>? hiddenSizes = null, RandomStream? initialization = null, int nodes = 32,
        UnaryFunction? activation = null)
        : this(new FeatureNetworks<T>(features, signals, [.. hiddenSizes ?? [64, 64]], $"{name}.integrand", initialization ?? FreshParameters.StreamOf(name)), name, nodes, activation ?? UnaryFunction.Elu)
    {
    }

    private IntegratedNetwork(FeatureNetworks<T> networks, string name, int nodes, UnaryFunction activation)
        : base(networks.Signals + 1, networks.Parameters)
    {
        _networks = networks;
        Name = name;
        _hidden = new LinearOperation<T>(activation);
        var (places, weights) = GaussLegendre.OnUnitInterval(nodes);
        _nodes = Array.ConvertAll(places, T.CreateTruncating);
        _weights = Array.ConvertAll(weights, T.CreateTruncating);
    }

    /// <inheritdoc/>
    public static string Kind => "integrated-network";

    /// <inheritdoc/>
    public override int Features => _networks.Features;

    /// <summary>S.</summary>
    public int Signals => _networks.Signals;

    /// <summary>The units of each hidden layer.</summary>
    public ReadOnlySpan<int> HiddenSizes => _networks.HiddenSizes;

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation => _hidden.Activation;

    /// <summary>The nodes of the quadrature.</summary>
    public int Nodes => _nodes.Length;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new IntegratedNetwork<T>(
            reader.Size("features"), reader.Text("name"), reader.Size("signals"), reader.Integers("hidden"), nodes: reader.Count("nodes"),
            activation: reader.Function("activation"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Features);
        writer.Write("signals", Signals);
        writer.Write("hidden", HiddenSizes);
        writer.Write("nodes", Nodes);
        writer.Write("activation", Activation.Name);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = x.Tape!;
        var columns = x.Columns;
        var signals = raw.Columns(0, Signals);
        var outputs = tape.Allocate((Nodes + 1) * columns);
        var fixedX = tape.StopGradient(x);
        for (var q = 0; q <= Nodes; q++)
        {
            using var scope = tape.BeginScope();
            var inputs = _networks.Arrange(q == Nodes ? x : fixedX * _nodes[q], signals);
            for (var j = 0; j < columns; j++)
                Network(tape.Slice(inputs, j * _networks.Inputs(0), _networks.Inputs(0)), raw.FeatureIndices[j], tape.Slice(outputs, (q * columns) + j, 1));
        }

        var logs = outputs / ((outputs.Abs() * T.CreateTruncating(1 / LargestLogSlope)) + T.One);
        logSlope = logs.Slice(Nodes * columns, columns);
        var integral = tape.SharedRow(_weights).BatchedMultiply(logs.Slice(0, Nodes * columns).Exp(), 1, Nodes, columns);

        // The integral's derivative by its end is g there: a term that is 0 and has this derivative.
        var end = (x - fixedX) * tape.StopGradient(logSlope).Exp();
        return (fixedX * integral) + end + raw[Signals];
    }

    /// <inheritdoc/>
    protected internal override void Bracket(Variable<T> z, in RawParameters<T> raw, Variable<T> lower, Variable<T> upper, Variable<T> guess)
    {
        // A thousandth more than g's bound asks for, as c and z are rounded.
        var tape = z.Tape!;
        var reach = (z - raw[Signals]) * T.CreateTruncating(1.001 * Math.Exp(LargestLogSlope));
        var zero = tape.Constant(T.Zero);
        tape.CopyInto(reach.Min(zero), lower);
        tape.CopyInto(reach.Max(zero), upper);
        tape.Kernels.Fill(tape.ValueOf(guess), T.Zero);
    }

    private void Network(Variable<T> input, int feature, Variable<T> output)
    {
        var tape = input.Tape!;
        var value = input;
        for (var l = 0; l < _networks.Layers; l++)
        {
            var isLast = l == _networks.Layers - 1;
            var next = isLast ? output : tape.Allocate(_networks.Outputs(l));
            _networks.Apply(isLast ? LinearOperation<T>.Product : _hidden, l, feature, value, tape.Use(Parameters[2 * l]), tape.Use(Parameters[(2 * l) + 1]), next);
            value = next;
        }
    }
}
