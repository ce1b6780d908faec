using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>One layer of a network, act(x Wᵀ + b), dense or masked: its two parameters and the operation that uses them.</summary>
internal class Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LinearOperation<T> _operation;

    /// <summary>Creates a dense layer with weights of zero.</summary>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="inputs">How many inputs.</param>
    /// <param name="outputs">How many outputs.</param>
    public Layer(string name, UnaryFunction activation, int inputs, int outputs)
        : this(name, activation, inputs, outputs, null, null, null)
    {
    }

    /// <summary>Creates a dense layer whose outputs lie in the order of hidden units by group.</summary>
    public Layer(string name, UnaryFunction activation, int inputs, UnitOrder outputs)
        : this(name, activation, inputs, outputs.Canonical.Length, null, outputs.Canonical, null)
    {
    }

    /// <summary>Creates a dense layer whose inputs lie in another order than in files.</summary>
    public Layer(string name, UnaryFunction activation, int[] inputs, int outputs)
        : this(name, activation, inputs.Length, outputs, inputs, null, null)
    {
    }

    /// <summary>Creates a masked layer, its inputs and outputs sorted by group.</summary>
    protected Layer(string name, UnaryFunction activation, int[] inputOrder, int[] outputOrder, Staircase staircase)
        : this(name, activation, inputOrder.Length, outputOrder.Length, inputOrder, outputOrder, staircase)
    {
    }

    private Layer(string name, UnaryFunction activation, int inputs, int outputs, int[]? inputOrder, int[]? outputOrder, Staircase? staircase)
    {
        Weight = new Parameter<T>($"{name}.weight", outputs, inputs) { RowOrder = outputOrder, ColumnOrder = inputOrder, Staircase = staircase };
        Bias = new Parameter<T>($"{name}.bias", 1, outputs, isVector: true) { ColumnOrder = outputOrder };
        _operation = new LinearOperation<T>(activation, staircase);
    }

    public Parameter<T> Weight { get; }

    public Parameter<T> Bias { get; }

    public int Outputs => Weight.Rows;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x) => _operation.Apply(x, tape.Use(Weight), tape.Use(Bias));

    /// <summary>As <see cref="Apply"/>, into columns that were allocated before.</summary>
    public void ApplyInto(Tape<T> tape, Variable<T> x, Variable<T> y) => _operation.ApplyInto(x, tape.Use(Weight), tape.Use(Bias), y);

    /// <summary>Draws fresh numbers, uniform in ±1/√inputs, the inputs counted without the mask; or in ±bound.</summary>
    /// <param name="stream">The network's stream.</param>
    /// <param name="index">The layer's number in the network: it has streams of its own.</param>
    /// <param name="bound">The bound; 0 for 1/√inputs.</param>
    public void Draw(RandomStream stream, int index, double bound = 0)
    {
        var reach = bound > 0 ? bound : 1 / Math.Sqrt(Weight.Columns);
        FreshParameters.FillUniform(Weight, stream.Substream((ulong)(2 * index)), reach);
        FreshParameters.FillUniform(Bias, stream.Substream((ulong)((2 * index) + 1)), reach);
    }

    /// <summary>Sets the layer so that it gives the same outputs for every input.</summary>
    /// <param name="outputs">The outputs in canonical order; where there are more, they begin anew.</param>
    public void StartAt(ReadOnlySpan<double> outputs)
    {
        Weight.Write(new T[Weight.Length]);
        var bias = new T[Bias.Length];
        for (var i = 0; i < bias.Length; i++)
            bias[i] = T.CreateTruncating(outputs[i % outputs.Length]);
        Bias.Write(bias);
    }
}
