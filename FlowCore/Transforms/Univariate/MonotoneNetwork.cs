using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>z_j = n_j(x_j, s_j): a network for each feature that rises with x, as its weights count by their magnitudes; s_j are S signals of the conditioner.</summary>
/// <remarks>
/// <para>
/// Huang, Krueger, Lacoste and Courville 2018, "Neural autoregressive flows", and Wehenkel and Louppe 2019, "Unconstrained monotonic neural networks", section 2; numbers and names as
/// in zuko's NAF: weights |W|, and on a hidden layer ELU for the first half of the units (the larger one), −ELU(−·) for the rest. Raw parameters: the S signals.
/// </para>
/// <para>
/// ln ∂z/∂x is the logarithm of the derivative carried forward beside the value, all of whose terms are positive. Where all units of a layer are on their flat side, the slopes are
/// taken relative to the steepest one, so that no derivative underflows. Two products a hidden layer, a feature and a row. The inverse is solved
/// for. Such networks are universal. With W = 0 nothing rises, so fresh weights are drawn.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MonotoneNetwork<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FeatureNetworks<T> _networks;
    private readonly ReshapeOperation<T> _asRow;
    private readonly GatherColumnsOperation<T> _ofX;

    // −ELU(−p) is ELU with the signs of its argument and its result turned. They go into the weights, so that all units are plain ELU.
    private readonly T[][] _weightSigns;
    private readonly T[][] _biasSigns;

    /// <summary>Creates the map.</summary>
    /// <param name="features">D, at least 1: how many features it serves.</param>
    /// <param name="name">The prefix of the names: <c>{name}.network.{2l}.weight</c> is [D · out, in], <c>.bias</c> [D · out].</param>
    /// <param name="signals">S, at least 1.</param>
    /// <param name="hiddenSizes">The units of each hidden layer, at least one layer; null for 64 and 64.</param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√inputs. Null for a stream of the name's own.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the name is empty.</exception>
    public MonotoneNetwork(int features, string name, int signals = 16, IReadOnlyList<int>? hiddenSizes = null, RandomStream? initialization = null)
        : this(new FeatureNetworks<T>(features, signals, [.. hiddenSizes ?? [64, 64]], $"{name}.network", initialization ?? FreshParameters.StreamOf(name)), name)
    {
    }

    private MonotoneNetwork(FeatureNetworks<T> networks, string name)
        : base(networks.Signals, networks.Parameters)
    {
        _networks = networks;
        Name = name;
        var (inputs, outputs) = (networks.Inputs(0), networks.Features * networks.Outputs(0));
        _asRow = new ReshapeOperation<T>(1, checked(inputs * outputs));
        var indices = new int[outputs];
        for (var unit = 0; unit < outputs; unit++)
            indices[unit] = unit * inputs;
        _ofX = new GatherColumnsOperation<T>(indices);
        _weightSigns = new T[networks.Layers][];
        _biasSigns = new T[networks.Layers][];
        for (var l = 0; l < networks.Layers; l++)
            (_weightSigns[l], _biasSigns[l]) = Signs(l);
    }

    /// <inheritdoc/>
    public static string Kind => "monotone-network";

    /// <inheritdoc/>
    public override int Features => _networks.Features;

    /// <summary>S.</summary>
    public int Signals => _networks.Signals;

    /// <summary>The units of each hidden layer.</summary>
    public ReadOnlySpan<int> HiddenSizes => _networks.HiddenSizes;

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new MonotoneNetwork<T>(reader.Size("features"), reader.Text("name"), reader.Size("signals"), reader.Integers("hidden"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Features);
        writer.Write("signals", Signals);
        writer.Write("hidden", HiddenSizes);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = x.Tape!;
        var product = LinearOperation<T>.Product;
        var features = raw.FeatureIndices;
        var value = _networks.Arrange(x, raw.Columns(0, Signals));
        Variable<T> slope = default;
        Variable<T> logUnit = default;
        for (var l = 0; ; l++)
        {
            var (inputs, outputs) = (_networks.Inputs(l), _networks.Outputs(l));
            var weight = tape.Use(Parameters[2 * l]).Abs();
            var signed = weight * SharedMatrix(tape, _weightSigns[l], weight.Rows, weight.Columns);
            var bias = tape.Use(Parameters[(2 * l) + 1]) * tape.SharedRow(_biasSigns[l]);
            var ofX = l == 0 ? _ofX.Apply(_asRow.Apply(weight)) : default;
            var sums = tape.Allocate(x.Columns * outputs);
            var slopes = l == 0 ? default : tape.Allocate(x.Columns * outputs);
            for (var j = 0; j < features.Length; j++)
            {
                _networks.Apply(product, l, features[j], tape.Slice(value, j * inputs, inputs), signed, bias, tape.Slice(sums, j * outputs, outputs));
                if (l > 0)
                    _networks.Apply(product, l, features[j], tape.Slice(slope, j * inputs, inputs), weight, default, tape.Slice(slopes, j * outputs, outputs));
            }

            if (l == _networks.Layers - 1)
            {
                logSlope = slopes.Log() + logUnit;
                return sums;
            }

            value = sums.Elu();
            var steepest = (tape.StopGradient(sums).MaxSegments(outputs) + T.One).Min(tape.Constant(T.Zero));
            slope = Relative(sums, steepest, outputs).Apply(UnaryFunction.EluSlope);
            logUnit = l == 0 ? steepest : logUnit + steepest;
            slope = l == 0 ? Scaled(slope, ofX, features, outputs) : slope * slopes;
        }
    }

    // The arguments p of a layer's units less what the largest one of their feature is below −1: then the largest of the slopes e^p is at least 1/e, and all are on the same side of
    // the kink as before. The difference is added again to the logarithm in the end, so for derivatives it is a constant.
    private static Variable<T> Relative(Variable<T> sums, Variable<T> steepest, int outputs)
    {
        var tape = sums.Tape!;
        var relative = tape.Allocate(sums.Columns);
        for (var j = 0; j < steepest.Columns; j++)
        {
            tape.ApplyInto(
                BinaryOperation<T>.Of(BinaryFunction.Subtract),
                [tape.Slice(sums, j * outputs, outputs), tape.Slice(steepest, j, 1)], [tape.Slice(relative, j * outputs, outputs)]);
        }

        return relative;
    }

    // The slopes of the first layer's units, each by the magnitude of its weight of x: a row that all events share.
    private static Variable<T> Scaled(Variable<T> slope, Variable<T> ofX, ReadOnlySpan<int> features, int outputs)
    {
        var tape = slope.Tape!;
        var scaled = tape.Allocate(slope.Columns);
        for (var j = 0; j < features.Length; j++)
        {
            tape.ApplyInto(
                BinaryOperation<T>.Of(BinaryFunction.Multiply),
                [tape.Slice(slope, j * outputs, outputs), tape.Slice(ofX, features[j] * outputs, outputs)], [tape.Slice(scaled, j * outputs, outputs)]);
        }

        return scaled;
    }

    private static Variable<T> SharedMatrix(Tape<T> tape, T[] values, int rows, int columns)
    {
        var matrix = tape.AllocateShared(rows, columns);
        var value = tape.ValueOf(matrix);
        tape.Kernels.Write(values, value.Memory!, value.Offset);
        return matrix;
    }

    // The sign of each weight, in the order of the parameter, and of each bias.
    private (T[] Weights, T[] Biases) Signs(int layer)
    {
        var (inputs, outputs) = (_networks.Inputs(layer), _networks.Outputs(layer));
        var weights = new T[Features * outputs * inputs];
        var biases = new T[Features * outputs];
        for (var unit = 0; unit < biases.Length; unit++)
        {
            biases[unit] = layer == _networks.Layers - 1 ? T.One : SignOf(unit % outputs, outputs);
            for (var i = 0; i < inputs; i++)
                weights[(unit * inputs) + i] = layer == 0 ? biases[unit] : biases[unit] * SignOf(i, inputs);
        }

        return (weights, biases);
    }

    private static T SignOf(int unit, int units) => unit < (units + 1) / 2 ? T.One : T.NegativeOne;
}
