using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>One layer of a <see cref="MaskedNetwork{T}"/>, its inputs and outputs sorted by group.</summary>
internal sealed class MaskedLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _visible;
    private readonly int[] _outputStart;
    private readonly LinearOperation<T> _dense;
    private readonly LinearOperation<T>? _biasOnly;

    /// <summary>Creates the layer with weights of zero.</summary>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="seesOwnGroup">Whether a group sees the inputs of its own and of lower groups, as of hidden units, or of lower ones only, as of features.</param>
    /// <param name="outputs">The outputs.</param>
    public MaskedLayer(string name, UnaryFunction activation, UnitOrder inputs, bool seesOwnGroup, UnitOrder outputs)
        : base(name, activation, inputs.Canonical, outputs.Canonical, StaircaseOf(inputs, seesOwnGroup, outputs))
    {
        _visible = seesOwnGroup ? inputs.Start[1..] : inputs.Start[..^1];
        _outputStart = outputs.Start;
        _dense = new LinearOperation<T>(activation);
        // Only the first group can see nothing.
        if (_visible[0] == 0 && _outputStart[1] > 0)
            _biasOnly = new LinearOperation<T>(activation, new Staircase(1, new int[_outputStart[1]]));
    }

    /// <summary>The mask in canonical order, row-major [out, in], as checkpoints hold it.</summary>
    public bool[] Mask()
    {
        var mask = new bool[Weight.Length];
        for (var row = 0; row < Weight.Rows; row++)
        {
            for (var column = 0; column < Weight.Staircase!.InputEnd[row]; column++)
                mask[(Weight.RowOrder![row] * Weight.Columns) + Weight.ColumnOrder![column]] = true;
        }

        return mask;
    }

    /// <summary>The group of each output, in canonical order.</summary>
    public int[] Groups()
    {
        var groups = new int[Weight.Rows];
        for (var group = 0; group < _visible.Length; group++)
        {
            for (var row = _outputStart[group]; row < _outputStart[group + 1]; row++)
                groups[Weight.RowOrder![row]] = group;
        }

        return groups;
    }

    /// <summary>The first column of one group.</summary>
    public int StartOf(int group) => _outputStart[group];

    /// <summary>The columns of one group; "no variable" where it has none.</summary>
    public Variable<T> SliceOf(Tape<T> tape, int group, Variable<T> y)
    {
        var start = _outputStart[group];
        var count = _outputStart[group + 1] - start;
        return count == 0 ? default : tape.Slice(y, start, count);
    }

    /// <summary>Computes the outputs of one group into their columns. The group sees all of its inputs: the product is dense.</summary>
    /// <returns>Those columns; "no variable" where the group has none.</returns>
    public Variable<T> ApplyGroup(Tape<T> tape, int group, Variable<T> x, Variable<T> weight, Variable<T> bias, Variable<T> y, Variable<T> anyBlock)
    {
        var result = SliceOf(tape, group, y);
        if (!result.IsNone)
            ApplyGroupInto(tape, group, x, weight, bias, result, anyBlock);
        return result;
    }

    /// <summary>As <see cref="ApplyGroup"/>, of a group that has outputs, into any variable of as many columns.</summary>
    public void ApplyGroupInto(Tape<T> tape, int group, Variable<T> x, Variable<T> weight, Variable<T> bias, Variable<T> result, Variable<T> anyBlock)
    {
        var w = tape.Slice(weight, _outputStart[group], result.Columns);
        var b = tape.Slice(bias, _outputStart[group], result.Columns);
        if (_visible[group] == 0)
            _biasOnly!.ApplyInto(tape.Slice(anyBlock, 0, 1), w, b, result);
        else
            _dense.ApplyInto(tape.Slice(x, 0, _visible[group]), w, b, result);
    }

    private static Staircase StaircaseOf(UnitOrder inputs, bool seesOwnGroup, UnitOrder outputs)
    {
        var ends = new int[outputs.Canonical.Length];
        for (var group = 0; group < outputs.Start.Length - 1; group++)
            ends.AsSpan(outputs.Start[group]..outputs.Start[group + 1]).Fill(inputs.Start[seesOwnGroup ? group + 1 : group]);
        return new Staircase(inputs.Canonical.Length, ends);
    }
}
