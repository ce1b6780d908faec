using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>A multilayer perceptron: linear layers with an activation between them, every output of every input.</summary>
/// <remarks>
/// Where it normalises, the units of a hidden layer become (h − mean) / √(variance + 10⁻⁵) behind the activation, over the units of each row, with
/// the unbiased variance: zuko's <c>normalize=True</c>, whose layers are then counted in steps of three.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Mlp<T> : Network<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What zuko adds to the variance.
    private const double VarianceFloor = 1e-5;

    private readonly int[] _sizes;
    private readonly LinearOperation<T> _hidden;
    private readonly LinearOperation<T> _last;

    /// <summary>Creates a network.</summary>
    /// <param name="sizes">The inputs, the units of each hidden layer, the outputs; each at least 1.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">
    /// The prefix of the parameters' names; layer l is called <c>{name}.{2l}.weight</c> and <c>{name}.{2l}.bias</c>, with 3l where the network normalises.
    /// </param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√inputs. Null for a stream of the name's own.</param>
    /// <param name="zeroLastLayer">Whether the last layer starts at zero instead.</param>
    /// <param name="normalizes">Whether hidden layers, of at least 2 units then, are normalised.</param>
    /// <exception cref="ArgumentException">There are fewer than two sizes, a size is too small, or the name is empty.</exception>
    public Mlp(
        ReadOnlySpan<int> sizes, UnaryFunction activation, string name, RandomStream? initialization = null, bool zeroLastLayer = false, bool normalizes = false)
        : this(
            sizes, activation, name,
            CreateParameters(Checked(sizes, normalizes), name, initialization ?? FreshParameters.StreamOf(name), zeroLastLayer, normalizes ? 3 : 2), normalizes)
    {
    }

    private Mlp(ReadOnlySpan<int> sizes, UnaryFunction activation, string name, Parameter<T>[] parameters, bool normalizes)
        : base(sizes[0], sizes[^1], parameters)
    {
        Normalizes = normalizes;
        _sizes = sizes.ToArray();
        Activation = activation;
        Name = name;
        _hidden = new LinearOperation<T>(activation);
        _last = new LinearOperation<T>(UnaryFunction.Identity);
    }

    /// <inheritdoc/>
    public static string Kind => "mlp";

    /// <summary>The inputs, the units of each hidden layer, the outputs.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>The units of each hidden layer.</summary>
    public ReadOnlySpan<int> HiddenSizes => _sizes.AsSpan(1.._sizes.GetUpperBound(0));

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; }

    /// <summary>Whether hidden layers are normalised.</summary>
    public bool Normalizes { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var (sizes, activation, name) = (reader.Integers("sizes"), reader.Function("activation"), reader.Text("name"));
        var normalizes = reader.Has("normalizes") && reader.Flag("normalizes");

        // The numbers are the file's.
        var parameters = CreateParameters(Checked(sizes, normalizes), name, initialization: null, zeroLastLayer: false, normalizes ? 3 : 2);
        return new Mlp<T>(sizes, activation, name, parameters, normalizes);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("sizes", Sizes);
        writer.Write("activation", Activation.Name);
        if (Normalizes)
            writer.Write("normalizes", Normalizes);
    }

    /// <inheritdoc/>
    protected internal override void StartAt(ReadOnlySpan<double> outputs)
    {
        if (outputs.Length != Outputs)
            throw new ArgumentException($"Expected {Outputs} outputs, got {outputs.Length}.", nameof(outputs));
        Parameters[^2].Write(new T[Parameters[^2].Length]);
        var bias = new T[Outputs];
        for (var i = 0; i < bias.Length; i++)
            bias[i] = T.CreateTruncating(outputs[i]);
        Parameters[^1].Write(bias);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var h = x;
        for (var l = 0; l < Parameters.Count; l += 2)
        {
            var operation = l == Parameters.Count - 2 ? _last : _hidden;
            var next = operation.Apply(h, tape.Use(Parameters[l]), tape.Use(Parameters[l + 1]));
            if (l > 0)
                tape.Release(h);
            h = next;
            if (!Normalizes || l == Parameters.Count - 2)
                continue;
            var normalized = Normalized(tape, h);
            tape.Release(h);
            h = normalized;
        }

        return h;
    }

    /// <summary>The outputs and J·v for several v, all in one pass: a product of each layer for the value and one for each v.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, <see cref="Network{T}.Inputs"/>], a block.</param>
    /// <param name="tangents">Blocks of the first columns of the inputs, the others do not move; replaced by the tangents of the outputs.</param>
    /// <exception cref="NotSupportedException">The network normalises its units.</exception>
    internal Variable<T> ApplyWithTangents(Tape<T> tape, Variable<T> x, Span<Variable<T>> tangents)
    {
        if (Normalizes)
            throw new NotSupportedException("Expected a network without normalised units, got one with them.");
        var h = x;
        for (var l = 0; l < Parameters.Count; l += 2)
        {
            var isLast = l == Parameters.Count - 2;
            var (weight, bias) = (tape.Use(Parameters[l]), tape.Use(Parameters[l + 1]));
            var p = tape.Allocate(weight.Columns);
            var y = isLast ? p : tape.Allocate(weight.Columns);
            if (!isLast && Activation.DerivativeNeedsArgument)
            {
                tape.ApplyInto(_hidden, [h, weight, bias], [y, p]);
            }
            else
            {
                _last.ApplyInto(h, weight, bias, p);
                if (!isLast)
                    tape.ApplyInto(UnaryOperation<T>.Of(Activation), [p], [y]);
            }

            for (var j = 0; j < tangents.Length; j++)
            {
                var u = tape.Allocate(weight.Columns);
                _last.ApplyInto(tangents[j], weight, default, u);
                if (l > 0)
                    tape.Release(tangents[j]);
                tangents[j] = u;
                if (isLast)
                    continue;
                tangents[j] = UnaryTangentOperation<T>.Of(Activation).Apply(p, y, u);
                tape.Release(u);
            }

            if (l > 0)
                tape.Release(h);
            if (!isLast)
                tape.Release(p);
            h = y;
        }

        return h;
    }

    private static Variable<T> Normalized(Tape<T> tape, Variable<T> h)
    {
        var y = tape.Allocate(h.Columns);
        using var scope = tape.BeginScope();
        var centred = h - h.MeanColumns();
        var variance = centred.Square().SumColumns() / T.CreateTruncating(h.Columns - 1);
        tape.ApplyInto(BinaryOperation<T>.Of(BinaryFunction.Divide), [centred, (variance + T.CreateTruncating(VarianceFloor)).Sqrt()], [y]);
        return y;
    }

    private static ReadOnlySpan<int> Checked(ReadOnlySpan<int> sizes, bool normalizes)
    {
        if (sizes.Length < 2)
            throw new ArgumentException($"Expected the sizes of inputs and outputs at least, got {sizes.Length} sizes.", nameof(sizes));
        foreach (var size in sizes)
        {
            if (size < 1)
                throw new ArgumentException($"Expected sizes of at least 1, got {size}.", nameof(sizes));
        }

        if (normalizes && sizes[1..^1].Contains(1))
            throw new ArgumentException("Expected hidden layers of at least 2 units where they are normalised, got one of 1.", nameof(sizes));
        return sizes;
    }

    private static Parameter<T>[] CreateParameters(ReadOnlySpan<int> sizes, string name, RandomStream? initialization, bool zeroLastLayer, int step)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var parameters = new Parameter<T>[2 * (sizes.Length - 1)];
        for (var l = 0; l < sizes.Length - 1; l++)
        {
            var weight = new Parameter<T>($"{name}.{step * l}.weight", sizes[l + 1], sizes[l]);
            var bias = new Parameter<T>($"{name}.{step * l}.bias", 1, sizes[l + 1], isVector: true);
            if (initialization is { } stream && !(zeroLastLayer && l == sizes.Length - 2))
            {
                FreshParameters.FillUniform(weight, sizes[l], stream.Substream((ulong)(2 * l)));
                FreshParameters.FillUniform(bias, sizes[l], stream.Substream((ulong)((2 * l) + 1)));
            }

            parameters[2 * l] = weight;
            parameters[(2 * l) + 1] = bias;
        }

        return parameters;
    }
}
