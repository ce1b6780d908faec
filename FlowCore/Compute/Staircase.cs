namespace FlowCore.Compute;

/// <summary>
/// The shape of a masked weight matrix whose inputs and outputs are ordered by group: output n sees the inputs
/// [0, <see cref="InputEnd"/>[n]) and no others, and the ends never decrease with n.
/// </summary>
/// <remarks>
/// Matrix products use it to skip the blocks that are zero, forward and in both adjoints. The weights outside the
/// staircase are stored as exact zeros, so a product that does not skip gives the same numbers. Immutable.
/// </remarks>
public sealed class Staircase
{
    private readonly int[] _inputEnd;
    private readonly int[] _outputStart;

    /// <summary>Creates the shape from the number of leading inputs that each output sees.</summary>
    /// <param name="inputs">The number of inputs, at least 1.</param>
    /// <param name="inputEnd">For each output the number of leading inputs it sees: 0 to <paramref name="inputs"/>, never decreasing.</param>
    /// <exception cref="ArgumentException">An end is out of range or smaller than the one before it.</exception>
    public Staircase(int inputs, ReadOnlySpan<int> inputEnd)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        var previous = 0;
        foreach (var end in inputEnd)
        {
            if (end < previous || end > inputs)
                throw new ArgumentException($"Expected ends from 0 to {inputs} that do not decrease, got {end} after {previous}.", nameof(inputEnd));
            previous = end;
        }

        _inputEnd = inputEnd.ToArray();
        _outputStart = new int[inputs];
        var output = 0;
        for (var input = 0; input < inputs; input++)
        {
            while (output < _inputEnd.Length && _inputEnd[output] <= input)
                output++;
            _outputStart[input] = output;
        }
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs => _outputStart.Length;

    /// <summary>The number of outputs.</summary>
    public int Outputs => _inputEnd.Length;

    /// <summary>For each output the number of leading inputs that it sees.</summary>
    public ReadOnlySpan<int> InputEnd => _inputEnd;

    /// <summary>For each input the first output that sees it; all later ones do too.</summary>
    public ReadOnlySpan<int> OutputStart => _outputStart;

    /// <summary><see cref="InputEnd"/> as it is kept: an accelerator copies it once and knows it again.</summary>
    internal int[] InputEndArray => _inputEnd;

    /// <summary><see cref="OutputStart"/> as it is kept.</summary>
    internal int[] OutputStartArray => _outputStart;

    /// <summary>How many weights are inside the staircase.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (var end in _inputEnd)
                count += end;
            return count;
        }
    }
}
