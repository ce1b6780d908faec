using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Manifolds;

namespace FlowCore.Tests.Manifolds;

/// <summary>Evaluates a layer on states, a block a call, with parameters that all rows share or that every row has for itself.</summary>
internal sealed class LayerEvaluation<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ManifoldLayer<T> _layer;
    private readonly Kernels<T> _kernels = Device.Cpu.CreateKernels<T>();
    private readonly Tape<T> _tape;

    public LayerEvaluation(ManifoldLayer<T> layer, int capacity)
    {
        _layer = layer;
        _tape = new Tape<T>(_kernels, capacity);
    }

    /// <summary>One direction of a layer on a tape; an ld of zero is written out.</summary>
    public static Variable<T> Map(ManifoldLayer<T> layer, bool sample, Variable<T> state, Variable<T> parameters, out Variable<T> logDet)
    {
        var own = new LayerParameters<T>(layer, parameters);
        var y = sample ? layer.Sample(state, own, out logDet) : layer.Evaluate(state, own, out logDet);
        if (logDet.IsNone)
            logDet = state.Tape!.Zeros(1);
        return y;
    }

    /// <summary>The states [rows, columns] and ld [rows].</summary>
    public (T[] Values, T[] LogDet) Apply(bool sample, T[] states, T[] parameters, bool areShared)
    {
        var rows = Begin(states, record: false);
        var y = Map(_layer, sample, _tape.Input(states, _layer.Manifold.StateColumns), Numbers(parameters, areShared), out var logDet);
        var (values, logDets) = (new T[rows * y.Columns], new T[rows]);
        _tape.ReadValue(y, values);
        _tape.ReadValue(logDet, logDets);
        return (values, logDets);
    }

    /// <summary>∂y_i/∂x_j of every row, and behind them ∂ld/∂x_j: [rows, columns + 1, columns].</summary>
    public T[,,] Jacobians(bool sample, T[] states, T[] parameters, bool areShared)
    {
        var columns = _layer.Manifold.StateColumns;
        var jacobians = new T[states.Length / columns, columns + 1, columns];
        var adjoint = new T[states.Length];
        var ones = new T[states.Length / columns];
        Array.Fill(ones, T.One);
        for (var i = 0; i <= columns; i++)
        {
            var rows = Begin(states, record: true);
            var input = _tape.Input(states, columns, requiresAdjoint: true);
            var y = Map(_layer, sample, input, Numbers(parameters, areShared), out var logDet);
            _tape.Backward(i < columns ? _tape.Slice(y, i, 1) : logDet, ones);
            _tape.ReadAdjoint(input, adjoint);
            for (var row = 0; row < rows; row++)
            {
                for (var j = 0; j < columns; j++)
                    jacobians[row, i, j] = adjoint[(row * columns) + j];
            }
        }

        return jacobians;
    }

    public void Dispose()
    {
        _tape.Dispose();
        _kernels.Dispose();
    }

    private int Begin(T[] states, bool record)
    {
        var rows = states.Length / _layer.Manifold.StateColumns;
        _tape.Begin(rows, record);
        return rows;
    }

    private Variable<T> Numbers(T[] parameters, bool areShared)
    {
        if (_layer.ParameterCount == 0)
            return default;
        return areShared ? _tape.SharedRow(parameters) : _tape.Input(parameters, _layer.ParameterCount);
    }
}
