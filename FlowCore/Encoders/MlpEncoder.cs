using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Encoders;

/// <summary>An encoder of a fixed number of measurements: they are standardised, and a perceptron makes the context of a flow of them.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MlpEncoder<T> : Network<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] _defaultUnits = [64, 64];

    private readonly FixedStandardization<T> _scale;

    /// <summary>Creates an encoder of a perceptron.</summary>
    /// <param name="inputs">The measurements of an event, at least 1.</param>
    /// <param name="outputs">The numbers of an event's code, at least 1.</param>
    /// <param name="hiddenUnits">The units of each hidden layer; null for 64 and 64.</param>
    /// <param name="scale">What measurements are standardised by, for example <see cref="LocationScale.FromData"/> of the training events; null for nothing.</param>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="initialization">Where fresh numbers come from; null for a stream of the name's own.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public MlpEncoder(
        int inputs, int outputs = 32, IReadOnlyList<int>? hiddenUnits = null, LocationScale? scale = null, string name = "encoder", RandomStream? initialization = null)
        : this(new Mlp<T>([inputs, .. hiddenUnits ?? _defaultUnits, outputs], UnaryFunction.Silu, name, initialization), scale)
    {
    }

    /// <summary>Creates an encoder of any network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="scale">What measurements are standardised by; null for nothing.</param>
    /// <exception cref="ArgumentException">There are other numbers than the network has inputs, or one is out of range.</exception>
    public MlpEncoder(Network<T> network, LocationScale? scale)
        : base((network ?? throw new ArgumentNullException(nameof(network))).Inputs, network.Outputs, network.Parameters)
    {
        Network = network;
        _scale = new FixedStandardization<T>(scale, network.Inputs, "measurement", nameof(scale));
    }

    /// <inheritdoc/>
    public static string Kind => "mlp-encoder";

    /// <summary>The network behind the standardisation.</summary>
    public Network<T> Network { get; }

    /// <inheritdoc/>
    protected internal override bool ScalesItsInputs => _scale.Scale.Length > 0;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new MlpEncoder<T>(reader.Part<Network<T>>("network"), FixedStandardization<T>.Of(reader.Numbers("location"), reader.Numbers("scale")));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("location", _scale.Location);
        writer.Write("scale", _scale.Scale);
        writer.Write("network", Network);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return Network.ApplyCore(tape, _scale.Apply(tape, x));
    }
}
