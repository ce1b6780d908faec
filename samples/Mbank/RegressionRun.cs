namespace Mbank;

internal static class RegressionRun
{
    public static IRunResult Run(MbankOptions settings, TextWriter output, CancellationToken cancellation) => throw new NotSupportedException("no");
}
