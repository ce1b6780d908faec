using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>One application of an <see cref="Operation{T}"/> through which tangents are pushed: its variables and their tangents.</summary>
/// <remarks>A tangent has the shape of its variable; "no variable" stands for the tangent zero.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public readonly ref struct TangentCall<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _first;

    internal TangentCall(Tape<T> tape, int first, int inputs, int outputs)
    {
        Tape = tape;
        _first = first;
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>The tape: what is applied on it here is recorded.</summary>
    public Tape<T> Tape { get; }

    /// <summary>How many inputs.</summary>
    public int Inputs { get; }

    /// <summary>How many outputs.</summary>
    public int Outputs { get; }

    /// <summary>An input; "no variable" where an optional one was left out.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The variable.</returns>
    public Variable<T> Input(int index) => Tape.VariableAt(_first + index);

    /// <summary>An output.</summary>
    /// <param name="index">Which output.</param>
    /// <returns>The variable.</returns>
    public Variable<T> Output(int index) => Tape.VariableAt(_first + Inputs + index);

    /// <summary>The tangent of an input; "no variable" for zero. At least one input has another.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The tangent.</returns>
    public Variable<T> InputTangent(int index) => Tape.TangentAt(_first + index);

    /// <summary>The tangent of an input, with its zeros written out.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The tangent; "no variable" only where the input itself was left out.</returns>
    public Variable<T> InputTangentOrZeros(int index)
    {
        var tangent = InputTangent(index);
        return tangent.IsNone && !Input(index).IsNone ? Tape.ZerosLike(Input(index)) : tangent;
    }

    /// <summary>Whether the tangent of an output is asked for.</summary>
    /// <param name="index">Which output.</param>
    /// <returns>False where it would not be read.</returns>
    public bool Wants(int index) => Tape.WantsTangentAt(_first + Inputs + index);

    /// <summary>Gives an output its tangent. An output that is given none has the tangent zero.</summary>
    /// <param name="index">Which output.</param>
    /// <param name="tangent">
    /// The tangent, of the output's shape or repeated to it as an operand of <see cref="BinaryOperation{T}"/> is; "no variable" for zero.
    /// </param>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public void SetOutputTangent(int index, Variable<T> tangent)
    {
        if (!tangent.IsNone && Wants(index))
            Tape.SetTangent(Output(index), tangent);
    }

    /// <summary>
    /// The tangent of a variable that this rule has composed, since it was called, of other operations and this call's
    /// inputs: the operation unfused is its rule.
    /// </summary>
    /// <param name="composed">The variable.</param>
    /// <returns>Its tangent; "no variable" for zero.</returns>
    public Variable<T> TangentOf(Variable<T> composed) => Tape.TangentOfComposed(composed);
}
