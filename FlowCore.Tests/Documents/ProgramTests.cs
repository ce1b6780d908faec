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
}
