using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Tests.Golden;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Documents;

/// <summary>Programs of documents that stand for themselves.</summary>
[TestFixture]
internal sealed class ProgramTests
{
    [Test]
    public void The_figure_of_the_plotting_library_is_drawn()
    {
        using var folder = new TemporaryFolder();
        PlottingProgram.Run([.. Enumerable.Range(0, 500).Select(i => 2 * Math.Sin(i))], folder.File("marginal.svg"));
        Assert.That(File.ReadAllText(folder.File("marginal.svg")), Does.StartWith("<svg").Or.StartWith("<?xml"));
    }

    [Test]
    public void The_flow_of_a_python_program_is_read_and_evaluated()
    {
        var path = GoldenFolder.File("nsf_d2_c4.pt");
        float[] x = [0.1f, -0.3f, 1.2f, 0.4f];
        float[] context = [0.2f, 0.1f, -0.5f, 0.3f, -0.2f, 0.6f, 0.9f, -1];
        var expected = new double[2];
        using var flow = StateDictionary.ReadFlow<double>(PyTorchStateDict.Read(path).Tensors);
        flow.LogDensity(Array.ConvertAll(x, number => (double)number), Array.ConvertAll(context, number => (double)number), expected);
        // The two precisions of one file: a spline in float.
        Assert.That(PythonProgram.Run(path, x, context, rows: 2), Is.EqualTo(expected).Within(1e-4));
    }
}
