using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Inference;

/// <summary>A function of two matrices of rows, block by block on all workers.</summary>
internal sealed class DecoderPass<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Function _function;
    private readonly T[] _first;
    private readonly T[] _second;
    private readonly int _firstColumns;
    private readonly int _secondColumns;
    private readonly int _columns;
    private readonly int _rows;
    private readonly int _blockRows;
    private readonly Kernels<T>[] _kernels;
    private readonly Tape<T>[] _tapes;
    private readonly T[] _result;

    private DecoderPass(Device device, T[] first, int firstColumns, T[] second, int secondColumns, Function function, int columns)
    {
        (_first, _firstColumns, _second, _secondColumns, _function, _columns) = (first, firstColumns, second, secondColumns, function, columns);
        _rows = second.Length / secondColumns;
        _blockRows = Math.Min(device.BlockRows, Math.Max(1, _rows));
        _result = new T[_rows * columns];
        _kernels = new Kernels<T>[device.Workers];
        _tapes = new Tape<T>[device.Workers];
        for (var i = 0; i < _tapes.Length; i++)
        {
            _kernels[i] = device.CreateKernels<T>();
            _tapes[i] = new Tape<T>(_kernels[i], _blockRows);
        }
    }

    /// <summary>Records the function of a block.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="first">The first rows; "no variable" where they have no columns.</param>
    /// <param name="second">The second rows.</param>
    internal delegate Variable<T> Function(Tape<T> tape, Variable<T> first, Variable<T> second);

    /// <summary>Evaluates.</summary>
    public static void Run(Device device, T[] first, int firstColumns, T[] second, int secondColumns, Function function, int columns, Span<T> result)
    {
        var pass = new DecoderPass<T>(device, first, firstColumns, second, secondColumns, function, columns);
        try
        {
            device.Run(pass, (pass._rows + pass._blockRows - 1) / pass._blockRows);
            pass._result.CopyTo(result);
        }
        finally
        {
            for (var i = 0; i < pass._tapes.Length; i++)
            {
                pass._tapes[i].Dispose();
                pass._kernels[i].Dispose();
            }
        }
    }

    public void Run(int item, int worker)
    {
        var start = item * _blockRows;
        var count = Math.Min(_blockRows, _rows - start);
        var tape = _tapes[worker];
        tape.Begin(count, record: false);
        var first = _firstColumns == 0 ? default : tape.Input(_first.AsSpan(start * _firstColumns, count * _firstColumns), _firstColumns);
        var value = _function(tape, first, tape.Input(_second.AsSpan(start * _secondColumns, count * _secondColumns), _secondColumns));
        tape.ReadValue(value, _result.AsSpan(start * _columns, count * _columns));
    }
}
