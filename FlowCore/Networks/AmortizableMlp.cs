using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>An <see cref="AmortizableMlpShape"/> with a vector of its own, called <c>{name}.u_v_b_pars</c> as jammy_flows calls it.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class AmortizableMlp<T> : Network<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates a network.</summary>
    /// <param name="shape">Its sizes.</param>
    /// <param name="name">The prefix of the parameter's name.</param>
    /// <param name="initialization">Where fresh numbers come from; null for a stream of the name's own.</param>
    public AmortizableMlp(AmortizableMlpShape shape, string name, RandomStream? initialization = null)
        : base((shape ?? throw new ArgumentNullException(nameof(shape))).Inputs, shape.Outputs, [new Parameter<T>($"{name}.u_v_b_pars", 1, shape.ParameterCount, isVector: true)])
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Shape, Name) = (shape, name);
        Fresh(initialization ?? FreshParameters.StreamOf(name), 1, null);
    }

    /// <inheritdoc/>
    public static string Kind => "amortizable-mlp";

    /// <summary>The sizes.</summary>
    public AmortizableMlpShape Shape { get; }

    /// <summary>The prefix of the parameter's name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var shape = new AmortizableMlpShape(
            reader.Size("inputs"), reader.Integers("hidden"), reader.Size("outputs"), reader.Integers("ranks"), reader.Count("highway"));
        return new AmortizableMlp<T>(shape, reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("inputs", Inputs);
        writer.Write("hidden", Shape.HiddenSizes.ToArray());
        writer.Write("outputs", Outputs);
        writer.Write("ranks", Shape.Ranks.ToArray());
        writer.Write("highway", Shape.HighwayMode);
    }

    /// <summary>Sets fresh numbers, see <see cref="AmortizableMlpShape.Fresh"/>.</summary>
    internal void Fresh(RandomStream stream, double scale, double[]? lastBias)
    {
        var numbers = new double[Shape.ParameterCount];
        Shape.Fresh(numbers, stream, scale, lastBias);
        Parameters[0].Write(Array.ConvertAll(numbers, T.CreateTruncating));
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return Shape.Apply(x, tape.Use(Parameters[0]));
    }

    /// <inheritdoc/>
    protected internal override void StartAt(ReadOnlySpan<double> outputs)
    {
        if (outputs.Length != Outputs)
            throw new ArgumentException($"Expected {Outputs} outputs, got {outputs.Length}.", nameof(outputs));
        var numbers = new T[Shape.ParameterCount];
        for (var i = 0; i < outputs.Length; i++)
            numbers[^(outputs.Length - i)] = T.CreateTruncating(outputs[i]);
        Parameters[0].Write(numbers);
    }
}
