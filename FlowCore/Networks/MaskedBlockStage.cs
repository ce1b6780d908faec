using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>A <see cref="ResidualBlock{T}"/> of masked layers. A unit and what is added to it belong to one rank, so the sum is solved rank by rank like a layer.</summary>
internal sealed class MaskedBlockStage<T> : MaskedStage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MaskedLayer<T> _first;
    private readonly MaskedLayer<T> _second;
    private readonly ResidualBlock<T> _block;

    public MaskedBlockStage(MaskedLayer<T> first, MaskedLayer<T> second, UnaryFunction activation, bool activatesInput, Layer<T>? context = null, bool isGated = false)
    {
        _first = first;
        _second = second;
        _block = new ResidualBlock<T>(first, second, activation, activatesInput, context, isGated);
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter<T>> Parameters => _block.Parameters;

    /// <inheritdoc/>
    public override int Variables => _block.Context is null ? 7 : 8;

    /// <inheritdoc/>
    public override Variable<T> Apply(Tape<T> tape, Variable<T> h, Variable<T> context) => _block.Apply(tape, h, context);

    /// <inheritdoc/>
    public override void Begin(Tape<T> tape, Span<Variable<T>> variables)
    {
        // Both layers' parameters; act(h), what is between the layers, the layer of the context where there is one, values.
        variables[0] = tape.Use(_first.Weight);
        variables[1] = tape.Use(_first.Bias);
        variables[2] = tape.Use(_second.Weight);
        variables[3] = tape.Use(_second.Bias);
        for (var i = 4; i < variables.Length; i++)
            variables[i] = tape.Allocate(_second.Outputs);
    }

    /// <inheritdoc/>
    public override Variable<T> ApplyGroup(Tape<T> tape, int group, Variable<T> h, Variable<T> context, Variable<T> anyBlock, ReadOnlySpan<Variable<T>> variables)
    {
        if (group == 0)
            _block.Context?.ApplyInto(tape, context, variables[^2]);
        var result = _second.SliceOf(tape, group, variables[^1]);
        if (result.IsNone)
            return result;
        using var scope = tape.BeginScope();
        var (read, between) = (h, variables[5]);
        var own = _second.SliceOf(tape, group, h);
        if (_block.ActivatesInput)
        {
            read = variables[4];
            tape.ApplyInto(UnaryOperation<T>.Of(_block.Activation), [own], [_second.SliceOf(tape, group, read)]);
        }

        if (_block.AddsContext)
        {
            var sum = tape.Allocate(result.Columns);
            _first.ApplyGroupInto(tape, group, read, variables[0], variables[1], sum, anyBlock);
            tape.ApplyInto(UnaryOperation<T>.Of(_block.Activation), [sum + _second.SliceOf(tape, group, variables[^2])], [_second.SliceOf(tape, group, between)]);
        }
        else
        {
            _first.ApplyGroup(tape, group, read, variables[0], variables[1], between, anyBlock);
        }

        var added = tape.Allocate(result.Columns);
        _second.ApplyGroupInto(tape, group, between, variables[2], variables[3], added, anyBlock);
        if (_block.IsGated && _block.Context is not null)
            added *= _second.SliceOf(tape, group, variables[^2]);
        tape.ApplyInto(BinaryOperation<T>.Of(BinaryFunction.Add), [own, added], [result]);
        return result;
    }
}
