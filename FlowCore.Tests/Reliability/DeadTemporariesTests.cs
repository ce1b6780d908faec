using FlowCore.IO;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

[TestFixture]
internal sealed class DeadTemporariesTests
{
    [Test]
    public void What_a_killed_writer_left_goes_with_the_next_write_of_the_same_file()
    {
        using var folder = new TemporaryFolder();
        var dead = $".a.txt.{Guid.NewGuid():N}.tmp";
        var emptyAndOld = $".a.txt.{Guid.NewGuid():N}.tmp";
        var emptyAndNew = $".a.txt.{Guid.NewGuid():N}.tmp";
        string[] others = [$".b.txt.{Guid.NewGuid():N}.tmp", ".a.txt.notes.tmp", $".a.txt.{Guid.NewGuid():N}.part"];
        foreach (var name in (string[])[dead, .. others])
            File.WriteAllText(folder.File(name), "half");
        File.WriteAllText(folder.File(emptyAndOld), "");
        File.SetLastWriteTimeUtc(folder.File(emptyAndOld), DateTime.UtcNow.AddHours(-1));
        File.WriteAllText(folder.File(emptyAndNew), "");

        AtomicFile.WriteText(folder.File("a.txt"), "whole");

        Assert.That(folder.Names(), Is.EquivalentTo(new[] { "a.txt", emptyAndNew }.Concat(others)));
    }

    [Test]
    public void Writers_and_readers_of_one_file_do_not_disturb_each_other()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("race"));
        var row = new Attack.AttackRow("races", "writers and readers");
        for (var i = 0; i < 100; i++)
            Attack.RaceAttack.Write(folder.File("race/a.npy"), i, row);
        Assert.That(row.Failures, Is.Zero, string.Join(" | ", row.Examples));
    }

    [Test]
    public void A_living_writer_keeps_its_file()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder.File("a.txt"), stream =>
        {
            stream.Write("first"u8);
            stream.Flush();
            AtomicFile.WriteText(folder.File("a.txt"), "second");
            Assert.That(folder.Names(), Has.Length.EqualTo(2));
        });

        Assert.That(File.ReadAllText(folder.File("a.txt")), Is.EqualTo("first"));
        Assert.That(folder.Names(), Is.EqualTo(new[] { "a.txt" }));
    }
}
