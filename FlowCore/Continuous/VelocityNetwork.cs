using System.Numerics;
using System.Runtime.CompilerServices;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Continuous;

/// <summary>A velocity that a perceptron computes of x, of the time as Fourier features, and of the conditions.</summary>
/// <remarks>
/// The network sees [x | t | sin(2πkt/P) | cos(2πkt/P) | c] with k = 1 to K; where x are angles, [sin x | cos x] in place of x, so that the velocity is periodic. Its
/// tangents run through the same products as its value, one product more of each layer for each direction.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class VelocityNetwork<T> : VelocityField<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _frequencies;

    /// <summary>Creates a fresh field.</summary>
    /// <param name="features">D.</param>
    /// <param name="conditionColumns">C, 0 for none.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">Their activation.</param>
    /// <param name="name">The prefix of the parameters' names, as in <see cref="Mlp{T}"/>.</param>
    /// <param name="inputs">How the network sees x and t.</param>
    /// <param name="initialization">Where fresh numbers come from; null for a stream of the name's own.</param>
    /// <param name="startsAtRest">Whether the last layer starts at zero, so that the flow is the identity.</param>
    public VelocityNetwork(
        int features, int conditionColumns, ReadOnlySpan<int> hiddenSizes, UnaryFunction activation, string name, VelocityInputs inputs,
        RandomStream? initialization = null, bool startsAtRest = false)
        : this(
            features, conditionColumns, inputs,
            new Mlp<T>([InputsOf(features, conditionColumns, inputs), .. hiddenSizes, features], activation, name, initialization, startsAtRest))
    {
    }

    /// <summary>Puts a field in front of a network.</summary>
    /// <param name="features">D.</param>
    /// <param name="conditionColumns">C, 0 for none.</param>
    /// <param name="inputs">How the network sees x and t.</param>
    /// <param name="network">The network, of as many inputs as x, t and conditions make, and D outputs.</param>
    /// <exception cref="ArgumentException">The network has other sizes, or a setting is out of range.</exception>
    public VelocityNetwork(int features, int conditionColumns, VelocityInputs inputs, Mlp<T> network)
        : base(features, conditionColumns, Checked(network).Parameters)
    {
        var columns = InputsOf(features, conditionColumns, inputs);
        if (network.Inputs != columns || network.Outputs != features || network.Normalizes)
        {
            throw new ArgumentException(
                $"Expected a network of {columns} inputs and {features} outputs without normalised units, got one of {network.Inputs} and {network.Outputs}.", nameof(network));
        }

        (Inputs, Network) = (inputs, network);
        _frequencies = new T[inputs.Frequencies];
        for (var k = 0; k < _frequencies.Length; k++)
            _frequencies[k] = T.CreateTruncating(2 * Math.PI * (k + 1) / inputs.Period);
    }

    /// <inheritdoc/>
    public static string Kind => "velocity-network";

    /// <summary>How the network sees x and t.</summary>
    public VelocityInputs Inputs { get; }

    /// <summary>The network.</summary>
    public Mlp<T> Network { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var inputs = new VelocityInputs
        {
            Frequencies = reader.Count("frequencies"),
            Period = reader.Number("period"),
            WithTime = reader.Flag("time"),
            AreAngles = reader.Flag("angles"),
        };
        return new VelocityNetwork<T>(reader.Size("features"), reader.Count("conditions"), inputs, reader.Part<Mlp<T>>("network"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("conditions", ConditionColumns);
        writer.Write("frequencies", Inputs.Frequencies);
        writer.Write("period", Inputs.Period);
        writer.Write("time", Inputs.WithTime);
        writer.Write("angles", Inputs.AreAngles);
        writer.Write("network", Network);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> VelocityCore(Tape<T> tape, Variable<T> x, Variable<T> time, Variable<T> conditions)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var seen = Seen(tape, x, time, conditions);
        var velocity = Network.ApplyCore(tape, seen);
        tape.Release(seen);
        return velocity;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> VelocityAlong(Tape<T> tape, Variable<T> x, Variable<T> time, Variable<T> conditions, Span<Variable<T>> tangents)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var seen = Seen(tape, x, time, conditions);
        if (Inputs.AreAngles)
        {
            // d sin x = cos x dx and d cos x = −sin x dx, from what is seen already.
            var (sine, cosine) = (seen.Slice(0, Features), seen.Slice(Features, Features));
            foreach (ref var tangent in tangents)
                tangent = VariableFunctions.Concatenate(cosine * tangent, -(sine * tangent));
        }

        var velocity = Network.ApplyWithTangents(tape, seen, tangents);
        tape.Release(seen);
        return velocity;
    }

    private static int InputsOf(int features, int conditionColumns, VelocityInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Check();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegative(conditionColumns);
        return checked((inputs.AreAngles ? 2 * features : features) + (inputs.WithTime ? 1 : 0) + (2 * inputs.Frequencies) + conditionColumns);
    }

    private static Mlp<T> Checked(Mlp<T> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network;
    }

    private Variable<T> Seen(Tape<T> tape, Variable<T> x, Variable<T> time, Variable<T> conditions)
    {
        var parts = default(Parts);
        var count = 0;
        if (Inputs.AreAngles)
            (parts[count++], parts[count++]) = (x.Sin(), x.Cos());
        else
            parts[count++] = x;
        if (Inputs.WithTime)
            parts[count++] = time;
        if (_frequencies.Length > 0)
        {
            var angles = time * tape.Constant(_frequencies);
            (parts[count++], parts[count++]) = (angles.Sin(), angles.Cos());
        }

        if (!conditions.IsNone)
            parts[count++] = conditions;
        return VariableFunctions.Concatenate<T>(((ReadOnlySpan<Variable<T>>)parts)[..count]);
    }

    // x in one or two pieces, t, its sines and cosines, the conditions.
    [InlineArray(6)]
    private struct Parts
    {
        private Variable<T> _first;
    }
}
