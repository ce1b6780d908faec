using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>y = act(h Wᵀ + b), or act(h Wᵀ + b + g(c)) with a layer g of the context, or act(n(h) Wᵀ + b) with a normalisation n of as many units.</summary>
/// <param name="layer">The masked layer; it has the activation itself where there is no context.</param>
/// <param name="context">g, or null.</param>
/// <param name="activation">The activation of the sum.</param>
/// <param name="normalization">n, or null; there is no g beside it.</param>
internal sealed class MaskedLayerStage<T>(
    MaskedLayer<T> layer, Layer<T>? context = null, UnaryFunction? activation = null, UnitNormalization<T>? normalization = null) : MaskedStage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Of the evaluation rank by rank: weight, bias, the layer of the context or the normalised units where there are such, what the normalisation keeps, values.
    private const int Weight = 0;
    private const int Bias = 1;
    private const int Context = 2;
    private const int Normalizing = 3;

    private readonly UnaryFunction _activation = activation ?? UnaryFunction.Identity;

    /// <inheritdoc/>
    public override IEnumerable<Parameter<T>> Parameters => context is not null ? [layer.Weight, layer.Bias, context.Weight, context.Bias]
        : normalization is not null ? [.. normalization.Parameters, layer.Weight, layer.Bias]
        : [layer.Weight, layer.Bias];

    /// <inheritdoc/>
    public override IEnumerable<UnitNormalization<T>> Normalizations => normalization is null ? [] : [normalization];

    /// <inheritdoc/>
    public override int Variables => context is not null ? 4 : normalization is not null ? 4 + UnitNormalization<T>.Variables : 3;

    /// <inheritdoc/>
    public override Variable<T> Apply(Tape<T> tape, Variable<T> h, Variable<T> c)
    {
        if (context is null)
            return layer.Apply(tape, normalization is null ? h : normalization.Apply(tape, h));
        var y = tape.Allocate(layer.Outputs);
        using var scope = tape.BeginScope();
        AddContext(tape, layer.Apply(tape, h), context.Apply(tape, c), y);
        return y;
    }

    /// <inheritdoc/>
    public override void Begin(Tape<T> tape, Span<Variable<T>> variables)
    {
        variables[Weight] = tape.Use(layer.Weight);
        variables[Bias] = tape.Use(layer.Bias);
        if (normalization is not null)
        {
            normalization.Begin(tape, variables[Normalizing..]);
            variables[Context] = tape.Allocate(layer.Outputs);
            variables[^1] = tape.Allocate(layer.Outputs);
            return;
        }

        for (var i = Context; i < variables.Length; i++)
            variables[i] = tape.Allocate(layer.Outputs);
    }

    /// <inheritdoc/>
    public override Variable<T> ApplyGroup(Tape<T> tape, int group, Variable<T> h, Variable<T> c, Variable<T> anyBlock, ReadOnlySpan<Variable<T>> variables)
    {
        if (normalization is not null)
            h = Normalized(tape, group, h, variables);
        if (context is null)
            return layer.ApplyGroup(tape, group, h, variables[Weight], variables[Bias], variables[^1], anyBlock);
        if (group == 0)
            context.ApplyInto(tape, c, variables[Context]);
        var result = layer.SliceOf(tape, group, variables[^1]);
        if (result.IsNone)
            return result;
        using var scope = tape.BeginScope();
        var sum = tape.Allocate(result.Columns);
        layer.ApplyGroupInto(tape, group, h, variables[Weight], variables[Bias], sum, anyBlock);
        AddContext(tape, sum, layer.SliceOf(tape, group, variables[Context]), result);
        return result;
    }

    // The units of lower ranks were normalised before; with theirs the new ones stand in one variable.
    private Variable<T> Normalized(Tape<T> tape, int group, Variable<T> h, ReadOnlySpan<Variable<T>> variables)
    {
        var own = layer.SliceOf(tape, group, h);
        if (own.IsNone)
            return variables[Context];
        using var scope = tape.BeginScope();
        tape.CopyInto(UnitNormalization<T>.ApplyGroup(tape, own, layer.StartOf(group), variables[Normalizing..]), layer.SliceOf(tape, group, variables[Context]));
        return variables[Context];
    }

    private void AddContext(Tape<T> tape, Variable<T> a, Variable<T> b, Variable<T> result)
    {
        if (_activation == UnaryFunction.Identity)
            tape.ApplyInto(BinaryOperation<T>.Of(BinaryFunction.Add), [a, b], [result]);
        else
            tape.ApplyInto(UnaryOperation<T>.Of(_activation), [a + b], [result]);
    }
}
