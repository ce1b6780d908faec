using System.Numerics.Tensors;
using FlowCore.Encoders;
using FlowCore.Manifolds;
using FlowCore.Training;

namespace ManifoldsSample;

/// <summary>The three programs of jammy_flows' page: one pdf, one under a condition, and one on a product of spaces; each is judged on rows that it has not seen.</summary>
internal static class FirstPdfs
{
    /// <summary>A density in R³: strings, a start from data, training, and all that one asks of it.</summary>
    public static (TrainingResult Trained, PdfResult<double> Result) Unconditional(double[] targets, double[] others, int epochs, TextWriter output)
    {
        using var pdf = new Pdf<double>("e3", "gggg");
        var rows = new ReadOnlyTensorSpan<double>(targets, [targets.Length / 3, 3]);
        pdf.Start(rows);

        var trained = pdf.Fit(rows, options: new TrainingOptions { Epochs = epochs, Optimiser = OptimiserSettings.Adam(0.01) });
        output.WriteLine($"e3, gggg: −ln p {trained.BestValidationLoss:f3}");

        var sample = pdf.Draw(1000, seed: 1);                        // X, BasePoint, LogDensity, LogBase
        output.WriteLine($"drew {sample.X.Lengths[0]} points, the first of ln p {sample.LogDensity[0]:f3}");
        return (trained, pdf.Evaluate(new ReadOnlyTensorSpan<double>(others, [others.Length / 3, 3])));    // LogDensity, LogBase, BasePoint, and ln p of each factor
    }

    /// <summary>p(x | c) of a condition of two numbers: a network gives all parameters.</summary>
    public static (TrainingResult Trained, PdfResult<double> Result) Conditional(
        double[] targets, double[] conditions, double[] others, double[] theirs, int epochs, TextWriter output)
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
        return (trained, pdf.Evaluate(new ReadOnlyTensorSpan<double>(others, [others.Length / 3, 3]), new ReadOnlyTensorSpan<double>(theirs, [theirs.Length / 2, 2])));
    }

    /// <summary>Ten dimensions, a sphere in the middle; later factors know of earlier ones.</summary>
    public static (TrainingResult Trained, PdfResult<double> Result) Product(double[] targets, double[] others, int epochs, TextWriter output)
    {
        using var pdf = new Pdf<double>("e4+s2+e4", "gggg+n+gggg");
        var rows = new ReadOnlyTensorSpan<double>(targets, [targets.Length / 10, 10]);
        pdf.Start(rows);

        var trained = pdf.Fit(rows, options: new TrainingOptions { Epochs = epochs, Optimiser = OptimiserSettings.Adam(0.01) });
        output.WriteLine($"e4+s2+e4, gggg+n+gggg: −ln p {trained.BestValidationLoss:f3}");
        return (trained, pdf.Evaluate(new ReadOnlyTensorSpan<double>(others, [others.Length / 10, 10])));
    }

    /// <summary>Sets of events under a condition: how many there are, and where they lie.</summary>
    public static double[] Sets(RaggedEvents<double> sets, double[] conditions, int epochs, TextWriter output)
    {
        using var pdf = PdfPresets.Create<double>("e1", new PdfOptions { ConditionColumns = [1], PredictsLogMean = true, NetworkSizes = ["16"], LogMeanNetworkSizes = "16" });
        using var likelihood = new ExtendedLikelihood<double>(pdf);
        likelihood.Fit(sets, conditions, options: new TrainingOptions { Epochs = epochs, Optimiser = OptimiserSettings.Adam(0.01) });

        double[] somewhere = [-0.5, 0.5];
        var logMeans = pdf.LogMeanPoisson(new ReadOnlyTensorSpan<double>(somewhere, [2, 1]));      // ln λ
        output.WriteLine($"sets: λ {Math.Exp(logMeans[0, 0]):f2} and {Math.Exp(logMeans[1, 0]):f2}, {likelihood.Draw(2, seed: 1, somewhere).CountOf(1)} events drawn");
        return likelihood.LogLikelihood(sets, conditions);                                         // ln L of each set
    }
}
