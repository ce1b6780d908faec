using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>One application of an <see cref="Operation{T}"/>: its inputs, outputs and adjoints.</summary>
/// <typeparam name="T">The number type.</typeparam>
public readonly ref struct OperationCall<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> _tape;
    private readonly ReadOnlySpan<int> _inputs;
    private readonly ReadOnlySpan<int> _outputs;

    internal OperationCall(Tape<T> tape, ReadOnlySpan<int> inputs, ReadOnlySpan<int> outputs)
    {
        _tape = tape;
        _inputs = inputs;
        _outputs = outputs;
    }

    /// <summary>The kernels to compute with.</summary>
    public Kernels<T> Kernels => _tape.Kernels;

    /// <summary>The tape.</summary>
    internal Tape<T> Tape => _tape;

    /// <summary>How many inputs.</summary>
    public int Inputs => _inputs.Length;

    /// <summary>How many outputs.</summary>
    public int Outputs => _outputs.Length;

    /// <summary>The value of an input; empty for "no variable".</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The matrix.</returns>
    public Matrix<T> Input(int index) => _inputs[index] < 0 ? default : _tape.Value(_inputs[index]);

    /// <summary>An input as a variable, for operations that are composed of others; "no variable" where an optional one was left out.</summary>
    internal Variable<T> InputVariable(int index) => _inputs[index] < 0 ? default : _tape.Handle(_inputs[index]);

    /// <summary>An output as a variable.</summary>
    internal Variable<T> OutputVariable(int index) => _tape.Handle(_outputs[index]);

    /// <summary>The value of an output.</summary>
    /// <param name="index">Which output.</param>
    /// <returns>The matrix.</returns>
    public Matrix<T> Output(int index) => _tape.Value(_outputs[index]);

    /// <summary>Whether an input needs its adjoint.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>True where it does.</returns>
    public bool Needs(int index) => _inputs[index] >= 0 && _tape.NeedsAdjoint(_inputs[index]);

    /// <summary>The adjoint of an input, to be added to; empty where none is needed.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The matrix.</returns>
    public Matrix<T> InputAdjoint(int index) => Needs(index) ? _tape.AdjointToAdd(_inputs[index]) : default;

    /// <summary>The adjoint of an input, to be added to, or overwritten where it is fresh; empty where none is needed.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="fresh">True where the matrix holds nothing yet and every number of it must be written.</param>
    /// <returns>The matrix.</returns>
    public Matrix<T> InputAdjoint(int index, out bool fresh)
    {
        fresh = false;
        return Needs(index) ? _tape.AdjointToAddOrWrite(_inputs[index], out fresh) : default;
    }

    /// <summary>The adjoint of an output; empty where nothing depends on it. The operation may destroy its content.</summary>
    /// <param name="index">Which output.</param>
    /// <returns>The matrix.</returns>
    public Matrix<T> OutputAdjoint(int index) => _tape.AdjointIfAny(_outputs[index]);
}
