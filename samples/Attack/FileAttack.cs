using System.Diagnostics;
using System.Text.RegularExpressions;
using FactorizableFlow.Configuration;
using FlowCore.IO;

namespace Attack;

/// <summary>
/// Changed files: each is read, or refused with one sentence that names the file and the place, in memory and time that its size allows.
/// </summary>
internal sealed class FileAttack(string folder)
{
    private const long FloorBytes = 64L << 20;
    private const long Multiple = 16;

    // A linear pass over a few kilobytes takes milliseconds; a busy machine may make a hundred times that of it.
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyList<Specimen> _specimens = Specimens.Create(folder);

    /// <summary>The kinds of files.</summary>
    public IReadOnlyList<Specimen> Kinds => _specimens;

    /// <summary>Changes files of one kind in one way.</summary>
    /// <param name="specimen">The kind.</param>
    /// <param name="strategy">The way.</param>
    /// <param name="seed">Which files.</param>
    /// <param name="count">How many.</param>
    /// <param name="row">Counts them.</param>
    public void Run(Specimen specimen, MutationStrategy strategy, int seed, int count, AttackRow row)
    {
        var random = new Random(HashCode(seed, specimen.Kind, strategy));
        var path = Path.Combine(folder, "mutant" + specimen.Extension);
        for (var i = 0; i < count; i++)
        {
            var mutant = Mutator.Mutate(random, specimen.Content, strategy);
            if (random.Next(4) == 0)
                mutant = Mutator.Mutate(random, mutant, (MutationStrategy)random.Next(Enum.GetValues<MutationStrategy>().Length));
            if (specimen.Wrap is not null)
                mutant = specimen.Wrap(mutant) ?? specimen.Content;
            File.WriteAllBytes(path, mutant);
            var (refused, failure) = Judge(specimen, path, mutant.Length);
            row.Count(refused, failure is null ? null : $"mutant {i} of {specimen.Kind}, {strategy}: {failure}");
        }
    }

    private static (bool Refused, string? Failure) Judge(Specimen specimen, string path, long length)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var (refused, failure) = Try(specimen, path);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        var time = Stopwatch.GetElapsedTime(started);
        failure ??= taken > FloorBytes + (Multiple * length) ? $"{taken} bytes were taken for {length}" : null;
        return (refused, failure ?? (time > _longest ? $"{length} bytes took {time.TotalSeconds:F0} s" : null));
    }

    private static (bool Refused, string? Failure) Try(Specimen specimen, string path)
    {
        try
        {
            specimen.Read(path);
            return (false, null);
        }
        catch (Exception error) when (error is ModelFormatException or ConfigurationException or FormatException)
        {
            var sentence = error.Message;
            return (true,
                sentence.Contains('\n', StringComparison.Ordinal) ? $"more than one line: {sentence}"
                : sentence.Length == 0 || sentence[^1] is not ('.' or '?' or '!') ? $"no sentence: {sentence}"
                : !sentence.Contains(path, StringComparison.Ordinal) ? $"no file: {sentence}"
                : !Regex.IsMatch(sentence.Replace(path, "@", StringComparison.Ordinal), "@'?" + specimen.Place) && error is not FormatException ? $"no place: {sentence}"
                : sentence.Contains("Exception", StringComparison.Ordinal) || sentence.Contains("System.", StringComparison.Ordinal) || sentence.Contains("current state of the object", StringComparison.Ordinal)
                    ? $"words of the runtime: {sentence}"
                : null);
        }
        catch (Exception error)
        {
            return (true, $"{error.GetType().Name}: {error.Message}");
        }
    }

    // The runtime's own hash codes differ from process to process.
    private static int HashCode(int seed, string kind, MutationStrategy strategy)
    {
        var hash = (uint)seed;
        foreach (var character in kind)
            hash = (hash * 31) + character;
        return (int)((hash * 31) + (uint)strategy);
    }
}
