using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>A τ in one direction, for features whose parameters have their places: what every conditioner applies.</summary>
internal sealed class UnivariateMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SumColumnsOperation<T> _sumColumns = SumColumnsOperation<T>.Instance;
    private readonly Univariate<T> _univariate;
    private readonly bool _inverse;
    private readonly Operation<T>? _fused;
    private readonly bool _repeats;
    private readonly ParameterColumns<T> _columns;

    /// <param name="univariate">τ.</param>
    /// <param name="positions">For each feature the position of its parameters among those of the features; equal ones share them.</param>
    /// <param name="inverse">Which direction.</param>
    /// <param name="features">Which feature of the transform each one is; null for all in their order.</param>
    public UnivariateMap(Univariate<T> univariate, int[] positions, bool inverse, int[]? features = null)
    {
        _univariate = univariate;
        _inverse = inverse;
        // Features that share parameters get a copy each in front of the fused operation.
        var isShared = positions.Distinct().Count() < positions.Length;
        _fused = univariate.Fuse(isShared ? Natural(positions.Length) : positions, inverse);
        _repeats = isShared && _fused is not null;
        _columns = new ParameterColumns<T>(positions, features ?? Natural(positions.Length), univariate.ParametersPerFeature);
    }

    /// <summary>The positions 0, 1, ..., D − 1.</summary>
    public static int[] Natural(int features) => [.. Enumerable.Range(0, features)];

    /// <summary>Applies the map: y and log|det J|.</summary>
    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> parameters, out Variable<T> logDet)
    {
        var y = tape.Allocate(x.Columns);
        logDet = tape.Allocate(1);
        ApplyInto(tape, x, parameters, y, logDet);
        return y;
    }

    /// <summary>Applies the map and writes to variables that were allocated before; log|det J| is written, not added to.</summary>
    public void ApplyInto(Tape<T> tape, Variable<T> x, Variable<T> parameters, Variable<T> y, Variable<T> logDet)
    {
        if (_fused is not null)
        {
            var all = _repeats ? _columns.Take(parameters, 0, _univariate.ParametersPerFeature) : parameters;
            tape.ApplyInto(_fused, [x, all], [y, logDet]);
            if (_repeats)
                tape.Release(all);
            return;
        }

        using var scope = tape.BeginScope();
        var raw = new RawParameters<T>(_columns, parameters);
        var result = _inverse ? _univariate.Inverse(x, raw, out var logSlope) : _univariate.Forward(x, raw, out logSlope);
        tape.CopyInto(result, y);
        if (logSlope.IsNone)
            tape.Kernels.Fill(tape.ValueOf(logDet), T.Zero);
        else if (logSlope.IsBlock)
            tape.ApplyInto(_sumColumns, [logSlope], [logDet]);
        else
            tape.CopyInto(_sumColumns.Apply(logSlope), logDet);
    }
}
