using FlowCore.Random;

namespace FlowCore.Cli.Data;

/// <summary>Some of the rows of a table.</summary>
internal static class RowChoice
{
    // Apart from the streams of the draws, which have the same seed.
    private const ulong Stream = 0x7765696768747300;

    /// <summary>Rows that count alike in place of weighted ones, by acceptance and rejection: row i is kept with the probability wᵢ / max w.</summary>
    /// <remarks>Weights that are all the same keep every row.</remarks>
    /// <param name="weights">[rows], at least 0, one of them above 0.</param>
    /// <param name="seed">The seed of the choice.</param>
    /// <returns>The indices of the rows, in their order.</returns>
    public static int[] ByWeight(float[] weights, ulong seed)
    {
        var uniforms = new float[weights.Length];
        new RandomStream(seed, Stream).FillUniform<float>(uniforms);
        var largest = 0f;
        foreach (var weight in weights)
            largest = Math.Max(largest, weight);
        var kept = new List<int>();
        for (var i = 0; i < weights.Length; i++)
        {
            if (uniforms[i] * largest < weights[i])
                kept.Add(i);
        }

        return [.. kept];
    }

    /// <summary>Rows at even distances.</summary>
    /// <param name="rows">How many there are.</param>
    /// <param name="most">How many are wanted, at most as many.</param>
    /// <returns>The indices of the rows, in their order.</returns>
    public static int[] Evenly(int rows, int most)
    {
        var chosen = new int[most];
        for (var i = 0; i < most; i++)
            chosen[i] = (int)((long)i * rows / most);
        return chosen;
    }

    /// <summary>Copies rows.</summary>
    /// <param name="numbers">Row-major [rows, width]; empty for no columns.</param>
    /// <param name="width">The columns.</param>
    /// <param name="rows">The indices of the rows.</param>
    /// <returns>Row-major [indices, width].</returns>
    public static float[] Of(float[] numbers, int width, int[] rows)
    {
        var chosen = new float[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
            numbers.AsSpan(rows[i] * width, width).CopyTo(chosen.AsSpan(i * width));
        return chosen;
    }
}
