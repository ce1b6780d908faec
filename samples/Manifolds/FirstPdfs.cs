using System.Numerics.Tensors;
using FlowCore.Manifolds;
using FlowCore.Training;

namespace ManifoldsSample;

/// <summary>The three programs of jammy_flows' page: one pdf, one under a condition, and one on a product of spaces.</summary>
internal static class FirstPdfs
{
    /// <summary>A density in R³: strings, a start from data, training, and all that one asks of it.</summary>
    public static PdfResult<double> Unconditional(double[] targets, int epochs, TextWriter output)
    {
        using var pdf = new Pdf<double>("e3", "gggg");
        var rows = new ReadOnlyTensorSpan<double>(targets, [targets.Length / 3, 3]);
        pdf.Start(rows);

        var trained = pdf.Fit(rows, options: new TrainingOptions { Epochs = epochs, Optimiser = OptimiserSettings.Adam(0.01) });
        output.WriteLine($"e3, gggg: −ln p {trained.BestValidationLoss:f3}");

        var sample = pdf.Draw(1000, seed: 1);                        // X, BasePoint, LogDensity, LogBase
        output.WriteLine($"drew {sample.X.Lengths[0]} points, the first of ln p {sample.LogDensity[0]:f3}");
        return pdf.Evaluate(rows);                                   // LogDensity, LogBase, BasePoint, and ln p of each factor
    }

    /// <summary>p(x | c) of a condition of two numbers: a network gives all parameters.</summary>
    public static PdfResult<double> Conditional(double[] targets, double[] conditions, int epochs, TextWriter output)
    {
        using var pdf = new Pdf<double>("e3", "gggg", new PdfOptions { ConditionColumns = [2] });
        var rows = new ReadOnlyTensorSpan<double>(targets, [targets.Length / 3, 3]);
        var inputs = new ReadOnlyTensorSpan<double>(conditions, [conditions.Length / 2, 2]);
        pdf.Start(rows);

        var trained = pdf.Fit(rows, inputs, options: new TrainingOptions { Epochs = epochs, Optimiser = OptimiserSettings.Adam(0.01) });
        output.WriteLine($"e3 under a condition, gggg: −ln p {trained.BestValidationLoss:f3}");

        double[] somewhere = [0.5, -1, 0, 0.2];                       // two conditions, 500 draws of each
        var sample = pdf.Draw(500, seed: 1, new ReadOnlyTensorSpan<double>(somewhere, [2, 2]));
        output.WriteLine($"drew {sample.X.Lengths[0]} points under two conditions");
        return pdf.Evaluate(rows, inputs);
    }

    /// <summary>Ten dimensions, a sphere in the middle; later factors know of earlier ones.</summary>
    public static PdfResult<double> Product(double[] targets, int epochs, TextWriter output)
    {
        using var pdf = new Pdf<double>("e4+s2+e4", "gggg+n+gggg");
        var rows = new ReadOnlyTensorSpan<double>(targets, [targets.Length / 10, 10]);
        pdf.Start(rows);

        var trained = pdf.Fit(rows, options: new TrainingOptions { Epochs = epochs, Optimiser = OptimiserSettings.Adam(0.01) });
        output.WriteLine($"e4+s2+e4, gggg+n+gggg: −ln p {trained.BestValidationLoss:f3}");
        return pdf.Evaluate(rows);
    }
}
