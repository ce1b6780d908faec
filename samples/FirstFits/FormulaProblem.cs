namespace FirstFits;

/// <summary>A problem of two formulas.</summary>
/// <param name="name">The name.</param>
/// <param name="features">D.</param>
/// <param name="draw">Draws a row.</param>
/// <param name="logDensity">ln p of a row.</param>
internal sealed class FormulaProblem(string name, int features, FormulaProblem.Drawing draw, Func<double[], double> logDensity) : Problem(name, features)
{
    /// <summary>Draws a row.</summary>
    public delegate void Drawing(Draw draw, Span<double> x);

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<double> context) => logDensity(x.ToArray());

    /// <inheritdoc/>
    protected override void DrawRow(Draw draw1, Span<double> context, Span<double> x) => draw(draw1, x);
}
