namespace FlowCore.Tests.Golden;

/// <summary>The networks of nflows in plain loops, to give a τ the parameters that the vectors were made with: MADE, and the residual network of couplings.</summary>
internal static class NflowsNetworks
{
    /// <summary>The outputs [rows, outputs] of a network of residual blocks with ReLU, with masks where the file has some.</summary>
    /// <param name="vectors">The file.</param>
    /// <param name="prefix">What the names begin with.</param>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="inputs">How many inputs a row has.</param>
    /// <param name="hidden">H.</param>
    /// <param name="blocks">The number of blocks.</param>
    public static double[] Run(ZooVectors vectors, string prefix, double[] x, int inputs, int hidden, int blocks)
    {
        var rows = x.Length / inputs;
        var h = Layer(vectors, $"{prefix}.initial_layer", x, rows, inputs);
        for (var block = 0; block < blocks; block++)
        {
            var t = Layer(vectors, $"{prefix}.blocks.{block}.linear_layers.0", Positive(h), rows, hidden);
            t = Layer(vectors, $"{prefix}.blocks.{block}.linear_layers.1", Positive(t), rows, hidden);
            for (var i = 0; i < h.Length; i++)
                h[i] += t[i];
        }

        return Layer(vectors, $"{prefix}.final_layer", h, rows, hidden);
    }

    private static double[] Layer(ZooVectors vectors, string name, double[] x, int rows, int inputs)
    {
        var (weight, bias) = (vectors[$"param/{name}.weight"], vectors[$"param/{name}.bias"]);
        var mask = vectors.Parameters.Contains($"{name}.mask") ? vectors[$"param/{name}.mask"] : null;
        var y = new double[rows * bias.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var output = 0; output < bias.Length; output++)
            {
                var sum = bias[output];
                for (var input = 0; input < inputs; input++)
                    sum += weight[(output * inputs) + input] * (mask is null ? 1 : mask[(output * inputs) + input]) * x[(row * inputs) + input];
                y[(row * bias.Length) + output] = sum;
            }
        }

        return y;
    }

    private static double[] Positive(double[] x) => Array.ConvertAll(x, value => Math.Max(value, 0));
}
