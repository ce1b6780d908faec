using Attack;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>The attack's changed files, a few of each kind and strategy and always the same ones; the long run is samples/Attack.</summary>
[TestFixture]
internal sealed class MutantTests
{
    private const int MutantsEach = 30;

    [Test]
    public void A_changed_file_is_read_or_refused_with_file_and_place_in_bounded_memory([Values] MutationStrategy strategy)
    {
        using var folder = new TemporaryFolder();
        var attack = new FileAttack(folder.Path);
        var refused = 0;
        foreach (var specimen in attack.Kinds)
        {
            var row = new AttackRow("files", specimen.Kind);
            attack.Run(specimen, strategy, seed: 20260111, MutantsEach, row);
            refused += row.Refused;
            Assert.That(row.Failures, Is.Zero, $"{specimen.Kind}: {string.Join(" | ", row.Examples)}");
        }

        // Otherwise the mutants say nothing.
        Assert.That(refused, Is.GreaterThan(MutantsEach));
    }

    [Test]
    public void A_valid_file_of_every_kind_is_read()
    {
        using var folder = new TemporaryFolder();
        foreach (var specimen in new FileAttack(folder.Path).Kinds)
        {
            var path = folder.File("valid" + specimen.Extension);
            File.WriteAllBytes(path, specimen.Wrap is null ? specimen.Content : specimen.Wrap(specimen.Content)!);
            Assert.That(() => specimen.Read(path), Throws.Nothing, specimen.Kind);
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_mutants()
    {
        byte[] file = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        foreach (var strategy in Enum.GetValues<MutationStrategy>())
        {
            var first = Mutator.Mutate(new System.Random(5), file, strategy);
            var second = Mutator.Mutate(new System.Random(5), file, strategy);
            Assert.That(second, Is.EqualTo(first));
        }
    }
}
