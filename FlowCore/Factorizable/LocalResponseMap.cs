using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Factorizable;

/// <summary>Scale and shift of every feature along the way through the layers, with the parts that make them up.</summary>
/// <remarks>
/// Six groups of D columns: log-scale and shift of the whole, of the additive part and of the cross part. A layer's s and t of
/// one feature are read off its map of the number 0: the result is t, and log|det J| is s.
/// </remarks>
internal sealed class LocalResponseMap<T> : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int Groups = 6;

    private readonly FactorizableFlow<T> _model;
    private readonly PolynomialResidual<T> _residual;
    private readonly ResidualOperation<T> _map;
    private readonly ResidualOperation<T> _additive;

    public LocalResponseMap(FactorizableFlow<T> model)
    {
        _model = model;
        _residual = model.Residual;
        var constants = _residual.Constants;
        double[] central = [.. constants.Central];
        double[] scales = [.. constants.Scales];
        // The sign of log|det J| is a matter of bookkeeping; a log-scale has none.
        _map = new ResidualOperation<T>(new ResidualSettings(central, scales, [.. constants.CrossTerms], constants.QuadraticDamping, constants.CrossTermDamping));
        _additive = new ResidualOperation<T>(new ResidualSettings(central, scales, default, constants.QuadraticDamping));
    }

    public int Columns => Groups * _residual.Features;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars)
    {
        scalars = default;
        var (context, nuisances) = _residual.Parted(_model.ResidualConditions(conditions));
        var features = _residual.Features;
        var kernels = tape.Kernels;
        var result = tape.Allocate(Columns);
        kernels.Fill(tape.ValueOf(result), T.Zero);
        var zeros = tape.Allocate(4);
        kernels.Fill(tape.ValueOf(zeros), T.Zero);
        var zero = tape.Slice(zeros, 0, 1);
        var factor = tape.Allocate(1);
        var coefficients = new Variable<T>[_residual.Constants.Nuisances + _residual.Constants.CrossTerms.Count];
        var operands = new Variable<T>[coefficients.Length + 2];
        var additiveOperands = operands.AsSpan(0, _residual.Constants.Nuisances + 2);
        var current = _model.Charted(x);
        for (var l = 0; l < _residual.Layers.Length; l++)
        {
            if (l > 0)
                current = _residual.Reverse(tape, current);
            _residual.Layers[l].Coefficients(tape, current, context, coefficients);
            for (var j = 0; j < features; j++)
            {
                // Odd layers see the features in reverse.
                var feature = l % 2 == 0 ? j : features - 1 - j;
                operands[0] = zero;
                operands[1] = nuisances;
                for (var k = 0; k < coefficients.Length; k++)
                {
                    var width = k < _residual.Constants.Nuisances ? 4 : 2;
                    operands[2 + k] = tape.Slice(coefficients[k], width * j, width);
                }

                var (s, t) = ReadOff(tape, _map, operands);
                var (additiveS, additiveT) = ReadOff(tape, _additive, additiveOperands);
                operands.AsSpan(2, _residual.Constants.Nuisances).Fill(zeros);
                var (crossS, crossT) = ReadOff(tape, _map, operands);
                kernels.Unary(UnaryFunction.Exp, tape.ValueOf(s), tape.ValueOf(factor));
                Follow(tape, result, 0, feature, s, t, factor);
                Follow(tape, result, 2, feature, additiveS, additiveT, factor);
                Follow(tape, result, 4, feature, crossS, crossT, factor);
            }

            current = _residual.Layers[l].Forward(tape, current, context, nuisances, out _);
        }

        return result;
    }

    private static (Variable<T> S, Variable<T> T) ReadOff(Tape<T> tape, ResidualOperation<T> operation, ReadOnlySpan<Variable<T>> operands)
    {
        var t = tape.Allocate(1);
        var s = tape.Allocate(1);
        tape.ApplyInto(operation, operands, [t, s]);
        return (s, t);
    }

    /// <summary>S ← S + s and T ← T·e^(whole s) + t.</summary>
    private void Follow(Tape<T> tape, Variable<T> result, int group, int feature, Variable<T> s, Variable<T> t, Variable<T> factor)
    {
        var kernels = tape.Kernels;
        var all = tape.ValueOf(result);
        kernels.ScaleShift(tape.ValueOf(s), T.One, T.Zero, all.Slice((group * _residual.Features) + feature, 1), accumulate: true);
        var shift = all.Slice(((group + 1) * _residual.Features) + feature, 1);
        kernels.Binary(BinaryFunction.Multiply, shift, tape.ValueOf(factor), shift);
        kernels.ScaleShift(tape.ValueOf(t), T.One, T.Zero, shift, accumulate: true);
        tape.Release(s);
        tape.Release(t);
    }
}
