using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Networks;

/// <summary>A network of which every output may depend on every input: the conditioner of couplings and of conditional transforms.</summary>
/// <typeparam name="T">The number type.</typeparam>
public abstract class Network<T> : Part<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the sizes and the parameters.</summary>
    /// <param name="inputs">How many inputs, at least 1.</param>
    /// <param name="outputs">How many outputs, at least 1.</param>
    /// <param name="parameters">The parameters in their canonical order.</param>
    protected Network(int inputs, int outputs, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>How many inputs.</summary>
    public int Inputs { get; }

    /// <summary>How many outputs.</summary>
    public int Outputs { get; }

    /// <summary>The normalisations of units inside, in the order in which they are reached.</summary>
    internal virtual IEnumerable<UnitNormalization<T>> Normalizations => [];

    /// <summary>The columns of the widest block that an evaluation has beside inputs and outputs, where they are so many that blocks must have fewer rows; 0 for few.</summary>
    protected internal virtual int BlockColumns => 0;

    /// <summary>Whether it brings its inputs to numbers of order one itself, so that nobody need be warned of others.</summary>
    protected internal virtual bool ScalesItsInputs => false;

    /// <summary>The outputs of a block.</summary>
    /// <param name="x">[rows, <see cref="Inputs"/>], a block.</param>
    /// <returns>[rows, <see cref="Outputs"/>].</returns>
    /// <exception cref="ArgumentException">x is no block or has other columns.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        if (!x.IsBlock || x.Columns != Inputs)
            throw new ArgumentException($"Expected a block of {Inputs} columns, got {OperandChecks.Shape(x)}.", nameof(x));
        return ApplyCore(x.Tape!, x);
    }

    /// <summary>Sets what the network starts with so that it gives the same outputs for every input: the last layer's bias, its weights zero.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <exception cref="NotSupportedException">The network has no such layer.</exception>
    protected internal virtual void StartAt(ReadOnlySpan<double> outputs) =>
        throw new NotSupportedException($"A {GetType().Name.Split('`')[0]} cannot be started at given outputs.");

    /// <summary>As <see cref="Apply"/>, with an argument that was checked.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, <see cref="Inputs"/>].</param>
    /// <returns>[rows, <see cref="Outputs"/>].</returns>
    protected internal abstract Variable<T> ApplyCore(Tape<T> tape, Variable<T> x);
}
