using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>A <see cref="ResidualBlock{T}"/> of masked layers. A unit and what is added to it belong to one rank, so the sum is solved rank by rank like a layer.</summary>
internal sealed class MaskedBlockStage<T> : MaskedStage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Of the evaluation rank by rank: both layers' parameters; act(h), what is between the layers, values. The layer of the context stands
    // before the values where there is one, and the normalisations' variables in front of all.
    private const int Own = 7;

    private readonly MaskedLayer<T> _first;
    private readonly MaskedLayer<T> _second;
    private readonly ResidualBlock<T> _block;

    public MaskedBlockStage(
        MaskedLayer<T> first, MaskedLayer<T> second, UnaryFunction activation, bool activatesInput, Layer<T>? context = null, bool isGated = false,
        UnitNormalization<T>[]? normalizations = null)
    {
        _first = first;
        _second = second;
        _block = new ResidualBlock<T>(first, second, activation, activatesInput, context, isGated, normalizations);
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter<T>> Parameters => _block.Parameters;

    /// <inheritdoc/>
    public override IEnumerable<UnitNormalization<T>> Normalizations => _block.Normalizations ?? [];

    /// <inheritdoc/>
    public override int Variables => (_block.Context is null ? Own : Own + 1) + (UnitNormalization<T>.Variables * (_block.Normalizations?.Length ?? 0));

    /// <inheritdoc/>
    public override Variable<T> Apply(Tape<T> tape, Variable<T> h, Variable<T> context) => _block.Apply(tape, h, context);

    /// <inheritdoc/>
    public override void Begin(Tape<T> tape, Span<Variable<T>> variables)
    {
        foreach (var normalization in _block.Normalizations ?? [])
        {
            normalization.Begin(tape, variables);
            variables = variables[UnitNormalization<T>.Variables..];
        }

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
        var normalizing = variables;
        if (_block.Normalizations is { } normalizations)
            variables = variables[(UnitNormalization<T>.Variables * normalizations.Length)..];
        if (group == 0)
            _block.Context?.ApplyInto(tape, context, variables[^2]);
        var result = _second.SliceOf(tape, group, variables[^1]);
        if (result.IsNone)
            return result;
        using var scope = tape.BeginScope();
        var (read, between) = (h, variables[5]);
        var own = _second.SliceOf(tape, group, h);
        var start = _second.StartOf(group);
        if (_block.ActivatesInput)
        {
            read = variables[4];
            var argument = _block.Normalizations is null ? own : UnitNormalization<T>.ApplyGroup(tape, own, start, normalizing);
            tape.ApplyInto(UnaryOperation<T>.Of(_block.Activation), [argument], [_second.SliceOf(tape, group, read)]);
        }

        if (_block.ActivatesLater)
        {
            var sum = tape.Allocate(result.Columns);
            _first.ApplyGroupInto(tape, group, read, variables[0], variables[1], sum, anyBlock);
            if (_block.AddsContext)
                sum += _second.SliceOf(tape, group, variables[^2]);
            if (_block.Normalizations is not null)
                sum = UnitNormalization<T>.ApplyGroup(tape, sum, start, normalizing[UnitNormalization<T>.Variables..]);
            tape.ApplyInto(UnaryOperation<T>.Of(_block.Activation), [sum], [_second.SliceOf(tape, group, between)]);
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
