namespace FirstFits;

/// <summary>Events from a wide normal distribution whose weights make them those of two narrower ones.</summary>
internal sealed class WeightedProblem() : Problem("weighted events", 2)
{
    private const double Width = 2;

    /// <inheritdoc/>
    public override Events DrawToFit(int rows, ulong seed)
    {
        var draw = new Draw(new FlowCore.Random.RandomStream(seed));
        var x = new float[2 * rows];
        var weights = new float[rows];
        Span<double> row = stackalloc double[2];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < 2; j++)
                row[j] = x[(2 * i) + j] = (float)(Width * draw.Normal());
            weights[i] = (float)Math.Exp(LogDensity(row, []) - LogNormal(row[0], 0, Width) - LogNormal(row[1], 0, Width));
        }

        return new Events(x, [], weights);
    }

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<double> context) => Math.Log(0.5)
        + Math.Log(Math.Exp(LogNormal(x[0], 1, 0.6) + LogNormal(x[1], 1, 1)) + Math.Exp(LogNormal(x[0], -1, 1) + LogNormal(x[1], -1, 0.6)));

    /// <inheritdoc/>
    protected override void DrawRow(Draw draw, Span<double> context, Span<double> x)
    {
        var isFirst = draw.Uniform() < 0.5;
        x[0] = isFirst ? 1 + (0.6 * draw.Normal()) : draw.Normal() - 1;
        x[1] = isFirst ? 1 + draw.Normal() : (0.6 * draw.Normal()) - 1;
    }
}
