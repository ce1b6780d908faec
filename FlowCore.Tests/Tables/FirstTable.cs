using FlowCore.Distributions;
using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;
using Tables;

namespace FlowCore.Tests.Tables;

/// <summary>The program of docs/data.md.</summary>
[TestFixture]
internal sealed class FirstTable
{
    [Test]
    public void A_density_is_fitted_to_a_file_and_its_values_are_written_to_another()
    {
        using var folder = new TableFolder();
        var (path, output) = (folder["rows.parquet"], folder["densities.csv"]);
        var normal = new float[2 * 1000];
        new RandomStream(1).FillNormal<float>(normal);
        using (var rows = TableWriter.Create(path, ["mass", "time"]))
        {
            rows.Write(normal);
            rows.Complete();
        }

        var options = new DensityFitOptions { Log = null, Training = new TrainingOptions { Epochs = 2, BatchSize = 256 } };
        using (var model = Fit(path, options))
            Evaluate(model, path, output);

        using var table = Table.Open(output);
        using var reader = table.Read();
        var densities = new double[1000];
        Assert.That((table.Columns[0], reader.Next(densities)), Is.EqualTo(("log_density", 1000)));

        // -1 - ln 2 pi for the truth; a fit of two epochs is somewhat below.
        Assert.That(densities.Average(), Is.EqualTo(-2.84).Within(0.4));
    }

    private static Flow<float> Fit(string path, DensityFitOptions options)
    {
        using var table = Table.Open(path, new TableOptions { MemoryLimit = 500L << 20 });
        var columns = new TableColumns([table.IndexOf("mass"), table.IndexOf("time")]);
        var (training, validation) = TableData<float>.LoadSplit(table, columns, validationFraction: 0.1, seed: 1);
        using (training)
        using (validation)
            return Density.Fit(training, validation, features: 2, contextFeatures: 0, out _, options);
    }

    private static void Evaluate(Flow<float> model, string path, string output)
    {
        using var table = Table.Open(path);
        using var reader = table.Read([table.IndexOf("mass"), table.IndexOf("time")]);
        using var writer = TableWriter.Create(output, ["log_density"], isSingle: true);
        var (rows, densities) = (new float[2 * 4096], new float[4096]);
        for (int read; (read = reader.Next(rows)) > 0;)
        {
            model.LogDensity(rows.AsSpan(0, 2 * read), densities.AsSpan(0, read));
            writer.Write(densities.AsSpan(0, read));
        }

        writer.Complete();
    }
}
