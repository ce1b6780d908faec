using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>Evaluates a transform on rows, a block a call.</summary>
internal sealed class TransformEvaluation<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Transform<T> _transform;
    private readonly Kernels<T> _kernels;
    private readonly Tape<T> _tape;

    public TransformEvaluation(Transform<T> transform, Device device, int capacity)
    {
        _transform = transform;
        _kernels = device.CreateKernels<T>();
        _tape = new Tape<T>(_kernels, capacity);
    }

    /// <summary>The values [rows, columns] and ℓ [rows] of some rows.</summary>
    public (T[] Values, T[] LogDet) Apply(bool inverse, ReadOnlySpan<T> x, ReadOnlySpan<T> conditions)
    {
        var rows = Begin(inverse, x, record: false);
        var y = Map(inverse, _tape.Input(x, x.Length / rows), conditions, out var logDet);
        var (values, logDets) = (new T[rows * y.Columns], new T[rows]);
        _tape.ReadValue(y, values);
        _tape.ReadValue(logDet, logDets);
        return (values, logDets);
    }

    /// <summary>∂y_i/∂x_j of every row, by a backward sweep for each i, and behind them ∂ℓ/∂x_j: [rows, outputs + 1, inputs].</summary>
    public T[,,] Jacobians(bool inverse, ReadOnlySpan<T> x, ReadOnlySpan<T> conditions)
    {
        var columns = inverse ? _transform.NoiseFeatures : _transform.Features;
        var outputs = inverse ? _transform.Features : _transform.NoiseFeatures;
        var jacobians = new T[x.Length / columns, outputs + 1, columns];
        var adjoint = new T[x.Length];
        var ones = new T[x.Length / columns];
        Array.Fill(ones, T.One);
        for (var i = 0; i <= outputs; i++)
        {
            var rows = Begin(inverse, x, record: true);
            var input = _tape.Input(x, columns, requiresAdjoint: true);
            var y = Map(inverse, input, conditions, out var logDet);
            _tape.Backward(i == outputs ? logDet : _tape.Slice(y, i, 1), ones);
            _tape.ReadAdjoint(input, adjoint);
            for (var row = 0; row < rows; row++)
            {
                for (var j = 0; j < columns; j++)
                    jacobians[row, i, j] = adjoint[(row * columns) + j];
            }
        }

        return jacobians;
    }

    /// <summary>∂y_i/∂x_j of every row by tangents: [rows, outputs · inputs].</summary>
    public T[] Tangents(bool inverse, ReadOnlySpan<T> x, ReadOnlySpan<T> conditions)
    {
        var rows = Begin(inverse, x, record: true);
        var input = _tape.Input(x, x.Length / rows, requiresAdjoint: true);
        var jacobian = _tape.Jacobian(Map(inverse, input, conditions, out _), input);
        var values = new T[rows * jacobian.Columns];
        _tape.ReadValue(jacobian, values);
        return values;
    }

    public void Dispose()
    {
        _tape.Dispose();
        _kernels.Dispose();
    }

    private int Begin(bool inverse, ReadOnlySpan<T> x, bool record)
    {
        var rows = x.Length / (inverse ? _transform.NoiseFeatures : _transform.Features);
        _tape.Begin(rows, record);
        return rows;
    }

    private Variable<T> Map(bool inverse, Variable<T> x, ReadOnlySpan<T> conditions, out Variable<T> logDet)
    {
        var c = _transform.ConditionColumns == 0 ? default : _tape.Input(conditions, _transform.ConditionColumns);
        return inverse ? _transform.Inverse(x, c, out logDet) : _transform.Forward(x, c, out logDet);
    }
}
