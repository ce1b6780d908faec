using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Manifolds;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>What calls of a pdf allocate once they are warm: nothing.</summary>
[TestFixture]
internal sealed class PdfMemoryTests
{
    [TestCase("e3", "gggg", 0)]
    [TestCase("e3", "gggg", 2)]
    [TestCase("e2", "hht", 0)]
    [TestCase("e2", "pp", 0)]
    [TestCase("s1", "mo", 0)]
    [TestCase("s2", "ff", 0)]
    [TestCase("s2", "v", 0)]
    [TestCase("s2", "n", 0)]
    [TestCase("i1+a2", "rr+w", 0)]
    [TestCase("e3", "gg", 0, "rotation_mode", "angles")]
    [TestCase("e3", "gg", 0, "rotation_mode", "triangular_combination")]
    [TestCase("e3", "gg", 0, "fit_normalization", 0.0)]
    [TestCase("e3", "gg", 0, "center_mean", 1.0)]
    [TestCase("e3", "gg", 0, "add_skewness", 1.0)]
    [TestCase("a2", "u", 1)]
    [TestCase("d3+e1", "k+gg", 0)]
    [TestCase("e4+s2+e4", "gggg+n+gggg", 2)]
    public void Warm_calls_allocate_nothing(string manifolds, string layers, int conditions, string? option = null, object? value = null)
    {
        using var device = new CpuDevice(1);
        var options = new PdfOptions { ConditionColumns = conditions == 0 ? [] : [conditions] };
        if (option is not null)
            options = options.With(layers[0], new Dictionary<string, OptionValue> { [option] = value is double number ? number : (string)value! });
        using var pdf = new Pdf<double>(manifolds, layers, options, device);
        const int Rows = 64;
        var (x, context, logDensity) = (new double[Rows * pdf.Features], new double[Rows * conditions], new double[Rows]);
        Assert.That(WarmCall.Allocated(() => pdf.Sample(new RandomStream(1), 0, new Conditions<double>(context), x, logDensity)), Is.Zero, "sample");
        Assert.That(WarmCall.Allocated(() => pdf.LogDensity(x, new Conditions<double>(context), logDensity)), Is.Zero, "density");
    }
}
