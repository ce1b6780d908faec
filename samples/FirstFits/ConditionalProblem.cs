namespace FirstFits;

/// <summary>A density that depends on an energy of some thousands: its place, its width and how its two features hang together.</summary>
internal sealed class ConditionalProblem() : Problem("conditional", 2, 1)
{
    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<double> context)
    {
        var energy = context[0];
        return LogNormal(x[0], energy / 100, energy / 2000) + LogNormal(x[1], Math.Sin(energy / 500) * (x[0] - (energy / 100)), 0.5);
    }

    /// <inheritdoc/>
    protected override void DrawRow(Draw draw, Span<double> context, Span<double> x)
    {
        var energy = (float)(1000 + (2000 * draw.Uniform()));
        context[0] = energy;
        x[0] = (energy / 100) + (energy / 2000 * draw.Normal());
        x[1] = (Math.Sin(energy / 500) * (x[0] - (energy / 100))) + (0.5 * draw.Normal());
    }
}
