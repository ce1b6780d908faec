using ContinuousSample;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Continuous;

/// <summary>The program of the document runs.</summary>
[TestFixture]
internal sealed class ContinuousSampleTests
{
    [Test]
    public void The_first_program_trains_chooses_steps_and_saves()
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();
        FirstFlow.Run(Moons.Draw(512, 1), 2, folder.File("moons.safetensors"), output);
        Assert.That(output.ToString(), Does.Contain("the file knows of").And.Contain("drew 1000 rows"));
    }
}
