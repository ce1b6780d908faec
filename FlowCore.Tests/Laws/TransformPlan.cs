using System.Globalization;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>A random composition of entries of the list and rows for it, made of a few small numbers that can be shrunk.</summary>
/// <param name="Features">D.</param>
/// <param name="Conditions">0 or 2.</param>
/// <param name="Parts">Places in <see cref="Entries"/>; those that do not go with D and the conditions are left out.</param>
/// <param name="Seed">Of all parameters.</param>
/// <param name="Inputs">A number for each feature of each row, taken again from the start where there are more.</param>
internal sealed record TransformPlan(int Features, int Conditions, int[] Parts, int Seed, double[] Inputs)
{
    public const int Rows = 5;

    /// <summary>The entries from real numbers to real numbers, which can follow each other.</summary>
    public static IReadOnlyList<TransformEntry> Entries { get; } = [.. TransformList.All.Where(entry => entry.IsComposed && IsReal(entry))];

    /// <summary>Whether a residual is among the parts: its scales are exponentials of networks without a limit.</summary>
    public bool HasResidual => Chosen.Any(IsResidual);

    /// <summary>The entries of the composition. Residuals name their parameters themselves: there is only one of them.</summary>
    private IEnumerable<TransformEntry> Chosen
    {
        get
        {
            var hasResidual = false;
            foreach (var entry in Parts.Select(part => Entries[part]))
            {
                if (entry.FewestFeatures > Features || (Conditions == 0 && !entry.Conditions.Without) || (IsResidual(entry) && hasResidual))
                    continue;
                hasResidual |= IsResidual(entry);
                yield return entry;
            }
        }
    }

    /// <summary>The composition, its parameters in no store yet.</summary>
    public Transform<double> Make()
    {
        var parts = new List<Transform<double>>();
        foreach (var entry in Chosen)
        {
            var conditions = entry.Conditions.With ? Conditions : 0;
            parts.Add(entry.Make<double>(Features, conditions, (ulong)(Seed + (1000 * parts.Count)), $"part{parts.Count}"));
        }

        return new Composition<double>(Features, parts);
    }

    public double[] X()
    {
        var x = new double[Rows * Features];
        for (var i = 0; i < x.Length; i++)
            x[i] = Inputs.Length == 0 ? 0 : Inputs[i % Inputs.Length];
        return x;
    }

    public double[] C(int columns)
    {
        var conditions = new double[Rows * columns];
        new RandomStream((ulong)Seed).Substream(9).FillNormal<double>(conditions);
        return conditions;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"D={Features}, C={Conditions}, seed {Seed}, parts [{string.Join(" | ", Chosen.Select(entry => entry.Name))}], inputs [{string.Join(", ", Inputs.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]");

    private static bool IsResidual(TransformEntry entry) => entry.Name.StartsWith("residual", StringComparison.Ordinal);

    private static bool IsReal(TransformEntry entry)
    {
        var transform = entry.Make<double>(3, entry.Conditions.Without ? 0 : 2, 1);
        return transform.Domain.IsReal && transform.Codomain.IsReal;
    }
}
