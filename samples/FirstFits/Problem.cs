using FlowCore.Fitting;
using FlowCore.Random;

namespace FirstFits;

/// <summary>A density that is known in closed form: events of it, and ln p of events.</summary>
/// <param name="name">The name in the table and on the command line.</param>
/// <param name="features">D.</param>
/// <param name="contextFeatures">C.</param>
internal abstract class Problem(string name, int features, int contextFeatures = 0)
{
    /// <summary>The name in the table and on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>D.</summary>
    public int Features { get; } = features;

    /// <summary>C.</summary>
    public int ContextFeatures { get; } = contextFeatures;

    /// <summary>What a user of these data knows about their support; null for nothing.</summary>
    public IReadOnlyList<Support>? Supports { get; init; }

    /// <summary>Events to fit; by default they are drawn from the density itself.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The events.</returns>
    public virtual Events DrawToFit(int rows, ulong seed) => Draw(rows, seed);

    /// <summary>Events of the density, without weights.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The events; whole numbers as they are.</returns>
    public Events Draw(int rows, ulong seed)
    {
        var x = new float[rows * Features];
        var context = new float[rows * ContextFeatures];
        var draw = new Draw(new RandomStream(seed));
        var row = new double[Features];
        var condition = new double[ContextFeatures];
        for (var i = 0; i < rows; i++)
        {
            DrawRow(draw, condition, row);
            for (var j = 0; j < row.Length; j++)
                x[(i * Features) + j] = (float)row[j];
            for (var j = 0; j < condition.Length; j++)
                context[(i * ContextFeatures) + j] = (float)condition[j];
        }

        return new Events(x, context, []);
    }

    /// <summary>ln p(x | c), of whole numbers n that of n + u with u uniform in [0, 1), which is ln P(n).</summary>
    /// <param name="x">A row.</param>
    /// <param name="context">Its context.</param>
    /// <returns>The truth.</returns>
    public abstract double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<double> context);

    /// <summary>Draws one row.</summary>
    /// <param name="draw">Random numbers.</param>
    /// <param name="context">Receives the context.</param>
    /// <param name="x">Receives the row.</param>
    protected abstract void DrawRow(Draw draw, Span<double> context, Span<double> x);

    /// <summary>ln of the normal density.</summary>
    protected static double LogNormal(double x, double mean, double deviation) =>
        (-0.5 * (x - mean) * (x - mean) / (deviation * deviation)) - Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI));

    /// <summary>ln of Student's density for 1 or 2 degrees of freedom.</summary>
    protected static double LogStudent(double x, int degrees) => degrees == 1 ? -Math.Log(Math.PI * (1 + (x * x))) : -1.5 * Math.Log(2 + (x * x));
}
