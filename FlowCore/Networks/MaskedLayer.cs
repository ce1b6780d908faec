using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>One layer of a <see cref="MaskedMlp{T}"/>, its inputs and outputs sorted by group.</summary>
internal sealed class MaskedLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _visible;
    private readonly int[] _outputStart;
    private readonly LinearOperation<T> _all;
    private readonly LinearOperation<T> _dense;
    private readonly LinearOperation<T>? _biasOnly;

    /// <summary>Creates the layer with weights of zero.</summary>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="inputOrder">The canonical index of each input.</param>
    /// <param name="visible">For each group how many leading inputs it sees.</param>
    /// <param name="outputOrder">The canonical index of each output.</param>
    /// <param name="outputStart">Where the outputs of each group start, and the number of outputs.</param>
    public MaskedLayer(string name, UnaryFunction activation, int[] inputOrder, int[] visible, int[] outputOrder, int[] outputStart)
    {
        _visible = visible;
        _outputStart = outputStart;
        var ends = new int[outputOrder.Length];
        for (var group = 0; group < visible.Length; group++)
            ends.AsSpan(outputStart[group]..outputStart[group + 1]).Fill(visible[group]);
        var staircase = new Staircase(inputOrder.Length, ends);
        Weight = new Parameter<T>($"{name}.weight", outputOrder.Length, inputOrder.Length)
        {
            RowOrder = outputOrder,
            ColumnOrder = inputOrder,
            Staircase = staircase,
        };
        Bias = new Parameter<T>($"{name}.bias", 1, outputOrder.Length, isVector: true) { ColumnOrder = outputOrder };
        _all = new LinearOperation<T>(activation, staircase);
        _dense = new LinearOperation<T>(activation);
        // Only the first group can see nothing.
        if (visible[0] == 0 && outputStart[1] > 0)
            _biasOnly = new LinearOperation<T>(activation, new Staircase(1, new int[outputStart[1]]));
    }

    public Parameter<T> Weight { get; }

    public Parameter<T> Bias { get; }

    public int Outputs => Weight.Rows;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x) => _all.Apply(tape, x, tape.Use(Weight), tape.Use(Bias));

    /// <summary>Computes the outputs of one group into their columns. The group sees all of its inputs: the product is dense.</summary>
    /// <returns>Those columns; "no variable" where the group has none.</returns>
    public Variable<T> ApplyGroup(Tape<T> tape, int group, Variable<T> x, Variable<T> weight, Variable<T> bias, Variable<T> y, Variable<T> anyBlock)
    {
        var start = _outputStart[group];
        var count = _outputStart[group + 1] - start;
        if (count == 0)
            return default;
        var w = tape.Slice(weight, start, count);
        var b = tape.Slice(bias, start, count);
        var result = tape.Slice(y, start, count);
        if (_visible[group] == 0)
            _biasOnly!.ApplyInto(tape, tape.Slice(anyBlock, 0, 1), w, b, result);
        else
            _dense.ApplyInto(tape, tape.Slice(x, 0, _visible[group]), w, b, result);
        return result;
    }
}
