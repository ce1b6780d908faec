using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>Evaluates a base distribution on any number of rows, under one condition.</summary>
internal sealed class BaseDistributionEvaluation<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BaseDistribution<T> _distribution;
    private readonly T[] _condition;
    private readonly int _blockRows;
    private readonly Kernels<T> _kernels;
    private readonly Tape<T> _tape;

    public BaseDistributionEvaluation(BaseDistribution<T> distribution, Device device, T[] condition)
    {
        _distribution = distribution;
        _condition = condition;
        _blockRows = Math.Min(device.BlockRows, 1 << 12);
        _kernels = device.CreateKernels<T>();
        _tape = new Tape<T>(_kernels, _blockRows);
    }

    public T[] LogDensity(T[] z)
    {
        var features = _distribution.Features;
        var result = new T[z.Length / features];
        for (var first = 0; first < result.Length; first += _blockRows)
        {
            var rows = Math.Min(_blockRows, result.Length - first);
            _tape.Begin(rows, record: false);
            var density = _distribution.LogDensity(_tape.Input(z.AsSpan(first * features, rows * features), features), Condition());
            _tape.ReadValue(density, result.AsSpan(first, rows));
        }

        return result;
    }

    public T[] Sample(RandomStream stream, int count)
    {
        var features = _distribution.Features;
        var result = new T[count * features];
        for (var first = 0; first < count; first += _blockRows)
        {
            var rows = Math.Min(_blockRows, count - first);
            _tape.Begin(rows, record: false);
            _tape.ReadValue(_distribution.Draw(_tape, stream, (ulong)first, Condition()), result.AsSpan(first * features, rows * features));
        }

        return result;
    }

    public void Dispose()
    {
        _tape.Dispose();
        _kernels.Dispose();
    }

    private Variable<T> Condition() => _condition.Length == 0 ? default : _tape.SharedRow(_condition);
}
