using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Factorizable;

/// <summary>
/// One layer of a <see cref="PolynomialResidual{T}"/>: y_d = x_d·e^s_d + t_d, s and t polynomials in ν whose coefficients
/// masked networks compute from the features before d and the context.
/// </summary>
internal sealed class ResidualLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SumColumnsOperation<T> _sumColumns = SumColumnsOperation<T>.Instance;
    private readonly ResidualOperation<T> _forward;
    private readonly ResidualOperation<T> _inverse;

    /// <param name="order">The natural order of the features.</param>
    /// <param name="settings">The sizes.</param>
    /// <param name="constants">The constants.</param>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="initialization">Where fresh hidden layers come from; null for zeros.</param>
    public ResidualLayer(AutoregressiveOrder order, PolynomialResidualSettings settings, ResidualSettings constants, string name, RandomStream? initialization)
    {
        _forward = new ResidualOperation<T>(constants);
        _inverse = new ResidualOperation<T>(constants, inverse: true);
        Networks = new MaskedMlp<T>[constants.Nuisances + constants.CrossTerms.Count];
        int[] hiddenSizes = [.. settings.HiddenSizes];
        for (var i = 0; i < Networks.Length; i++)
        {
            var isCross = i >= constants.Nuisances;
            var (outputs, network) = isCross ? (2, $"{name}.cross_nets.{i - constants.Nuisances}") : (4, $"{name}.nuisance_nets.{i}");
            Networks[i] = initialization is { } stream
                ? new MaskedMlp<T>(order, hiddenSizes, outputs, settings.Activation, network, stream.Substream((ulong)i), zeroLastLayer: true)
                : MaskedMlp<T>.Zeros(order, hiddenSizes, outputs, settings.Activation, network);
        }
    }

    /// <summary>A network for each nuisance, then one for each cross term.</summary>
    public MaskedMlp<T>[] Networks { get; }

    public Variable<T> Forward(Tape<T> tape, Variable<T> x, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet)
    {
        var operands = Operands(x, nuisances);
        var used = operands.AsSpan(0, Networks.Length + 2);
        Coefficients(tape, x, context, used[2..]);
        var y = tape.Allocate(x.Columns);
        logDet = tape.Allocate(1);
        tape.ApplyInto(_forward, used, [y, logDet]);
        foreach (var coefficient in used[2..])
            tape.Release(coefficient);
        ArrayPool<Variable<T>>.Shared.Return(operands, clearArray: true);
        return y;
    }

    public Variable<T> Inverse(Tape<T> tape, Variable<T> y, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet)
    {
        var order = Networks[0].Order;
        var inputs = Networks[0].AllocateInputs(tape, context);
        var logDets = tape.Allocate(order.Features);
        var operands = Operands(default, nuisances);
        var used = operands.AsSpan(0, Networks.Length + 2);
        var evaluations = ArrayPool<RankByRankEvaluation<T>>.Shared.Rent(Networks.Length);
        for (var i = 0; i < Networks.Length; i++)
            evaluations[i] = new RankByRankEvaluation<T>(Networks[i], tape, inputs, y);
        for (var feature = 0; feature < order.Features; feature++)
        {
            used[0] = tape.Slice(y, feature, 1);
            for (var i = 0; i < Networks.Length; i++)
                used[2 + i] = evaluations[i].Outputs(feature);
            tape.ApplyInto(_inverse, used, [tape.Slice(inputs, order.ContextFeatures + feature, 1), tape.Slice(logDets, feature, 1)]);
        }

        for (var i = 0; i < Networks.Length; i++)
            evaluations[i].ReleaseLayers();
        ArrayPool<RankByRankEvaluation<T>>.Shared.Return(evaluations, clearArray: true);
        ArrayPool<Variable<T>>.Shared.Return(operands, clearArray: true);
        logDet = order.Features == 1 ? logDets : tape.Apply(_sumColumns, [logDets], 1);
        if (order.Features > 1)
            tape.Release(logDets);
        // The inputs are not given back: the features in them are the result.
        return tape.Slice(inputs, order.ContextFeatures, order.Features);
    }

    /// <summary>The outputs of all networks: [rows, 4D] for each nuisance, [rows, 2D] for each cross term.</summary>
    public void Coefficients(Tape<T> tape, Variable<T> x, Variable<T> context, Span<Variable<T>> destination)
    {
        var inputs = Networks[0].ArrangeInputs(tape, x, context);
        for (var i = 0; i < Networks.Length; i++)
            destination[i] = Networks[i].ApplyArranged(tape, inputs);
        if (inputs.Id != x.Id)
            tape.Release(inputs);
    }

    private Variable<T>[] Operands(Variable<T> x, Variable<T> nuisances)
    {
        // Rented, for their number is the model's and a warm call must not allocate.
        var operands = ArrayPool<Variable<T>>.Shared.Rent(Networks.Length + 2);
        operands[0] = x;
        operands[1] = nuisances;
        return operands;
    }
}
