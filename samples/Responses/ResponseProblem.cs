using Tables;

namespace Responses;

/// <summary>A density that follows nuisances and is known at every ν: rows of it, in memory and as tables, and ln p.</summary>
internal abstract class ResponseProblem
{
    private const int BlockRows = 8192;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ResponseProblem> All { get; } = [ToyProblem.Kinematic, ToyProblem.Score, new FiveFeatureProblem()];

    /// <summary>What the command line calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The features.</summary>
    public abstract string[] Columns { get; }

    /// <summary>The context; empty for none.</summary>
    public virtual string[] Context => [];

    /// <summary>The names of the nuisances.</summary>
    public abstract string[] Nuisances { get; }

    /// <summary>ν of the templates.</summary>
    public abstract IReadOnlyList<double[]> Templates { get; }

    /// <summary>ν of the closure that no template has.</summary>
    public abstract IReadOnlyList<double[]> Unseen { get; }

    /// <summary>A density at ν = 0 that is shipped; null where one is fitted.</summary>
    public virtual string? ShippedBase => null;

    /// <summary>The rows of the nominal file where --nominal-rows does not say, from the rows of a template.</summary>
    public virtual int NominalRows(int rows) => rows;

    /// <summary>Draws rows, from <paramref name="first"/> on.</summary>
    /// <param name="nu">ν.</param>
    /// <param name="seed">Of the rows.</param>
    /// <param name="first">The first row.</param>
    /// <param name="x">[rows, features].</param>
    /// <param name="context">[rows, context].</param>
    public abstract void Fill(double[] nu, ulong seed, int first, Span<float> x, Span<float> context);

    /// <summary>ln p(x | context, ν) of rows.</summary>
    /// <param name="nu">ν.</param>
    /// <param name="x">[rows, features].</param>
    /// <param name="context">[rows, context].</param>
    /// <param name="logDensity">[rows].</param>
    public abstract void LogDensity(double[] nu, ReadOnlySpan<float> x, ReadOnlySpan<float> context, Span<double> logDensity);

    /// <summary>Writes the tables.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="nominalRows">Rows at ν = 0.</param>
    /// <param name="rows">Rows of each template.</param>
    /// <returns>The nominal file, and what --template says of the others.</returns>
    public (string Nominal, string[] Templates) Write(string folder, int nominalRows, int rows)
    {
        var nominal = Path.Combine(folder, "nominal.parquet");
        Write(nominal, new double[Nuisances.Length], SeedOf(0), nominalRows);
        return (nominal, [.. Templates.Select((nu, i) =>
        {
            var file = Path.Combine(folder, FormattableString.Invariant($"template{i}.parquet"));
            Write(file, nu, SeedOf(i + 1), rows);
            return $"{string.Join(',', nu.Select(value => value.ToString("+0.###;-0.###;0", System.Globalization.CultureInfo.InvariantCulture)))}={file}";
        })]);
    }

    /// <summary>The seed of the nominal rows (0) and of template i (i + 1).</summary>
    /// <param name="file">Which.</param>
    public static ulong SeedOf(int file) => 100 + (ulong)file;

    private void Write(string path, double[] nu, ulong seed, int rows)
    {
        var (features, columns) = (Columns.Length, Context.Length);
        var width = features + columns;
        var (x, context, joined) = (new float[BlockRows * features], new float[BlockRows * columns], new float[BlockRows * width]);
        using var writer = TableWriter.Create(path, [.. Columns, .. Context], isSingle: true);
        for (var first = 0; first < rows; first += BlockRows)
        {
            var count = Math.Min(BlockRows, rows - first);
            Fill(nu, seed, first, x.AsSpan(0, features * count), context.AsSpan(0, columns * count));
            for (var i = 0; i < count; i++)
            {
                x.AsSpan(features * i, features).CopyTo(joined.AsSpan(i * width));
                context.AsSpan(columns * i, columns).CopyTo(joined.AsSpan((i * width) + features));
            }

            writer.Write(joined.AsSpan(0, count * width));
        }

        writer.Complete();
    }
}
