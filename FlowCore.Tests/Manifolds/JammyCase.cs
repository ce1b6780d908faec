using System.Text.Json;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Manifolds;
using FlowCore.Tests.Golden;

namespace FlowCore.Tests.Manifolds;

/// <summary>One golden case of jammy_flows: how the pdf is made, its weights, and what came of them.</summary>
internal sealed record JammyCase(string Name, string Manifolds, string Layers, string Options, int[] ConditionColumns, bool IsFullyAmortized, IReadOnlyDictionary<string, double> Tolerance)
{
    // Where index.json gives no tolerance.
    private const double Usual = 1e-10;
    private TensorArchive? _arrays;

    /// <summary>The arrays of the case.</summary>
    public TensorArchive Arrays => _arrays ??= NpzFile.Read(GoldenFolder.File(Path.Combine("jammy", $"{Name}.npz")));

    /// <summary>All cases whose arrays have the names of a state dictionary.</summary>
    public static IEnumerable<JammyCase> Named() => All().Where(golden => golden.Name != "ref_e2_p_OWN_REIMPL");

    /// <summary>All cases.</summary>
    public static IEnumerable<JammyCase> All()
    {
        using var index = JsonDocument.Parse(File.ReadAllText(GoldenFolder.File(Path.Combine("jammy", "index.json"))));
        var root = index.RootElement;
        foreach (var entry in (root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("cases")).EnumerateArray())
        {
            if (entry.GetProperty("kind").GetString() == "diagnostic")
                continue;
            var condition = entry.GetProperty("conditional_input_dim");
            yield return new JammyCase(
                entry.GetProperty("name").GetString()!, entry.GetProperty("pdf_defs").GetString()!, entry.GetProperty("flow_defs").GetString()!,
                entry.GetProperty("options").GetRawText(),
                condition.ValueKind switch
                {
                    JsonValueKind.Null => [],
                    JsonValueKind.Number => [condition.GetInt32()],
                    _ => [.. condition.EnumerateArray().Select(columns => columns.GetInt32())],
                },
                entry.GetProperty("kind").GetString() == "fully_amortized_pdf",
                entry.GetProperty("tolerance").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetDouble()));
        }
    }

    /// <summary>The largest absolute difference that a result may have.</summary>
    public double ToleranceOf(string result) => Tolerance.TryGetValue(result, out var tolerance) ? tolerance : Usual;

    /// <summary>The pdf with the case's weights.</summary>
    public Pdf<double> Create()
    {
        var state = Arrays.Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal))
            .Select(tensor => tensor.Rename(tensor.Name["param/".Length..]));
        var options = JammyWeights.Options(Options, IsFullyAmortized) with { ConditionColumns = ConditionColumns };
        return JammyWeights.Read<double>(new TensorArchive(state), Manifolds, Layers, options);
    }

    /// <summary>The conditions of the rows, those of all factors one behind the other.</summary>
    public double[] Conditions(int rows)
    {
        if (ConditionColumns.Length == 0)
            return [];
        var parts = ConditionColumns.Length == 1 && Arrays.Contains("cond")
            ? [Arrays["cond"].ToArray<double>()]
            : Enumerable.Range(0, ConditionColumns.Length).Select(k => Arrays.Contains($"cond_{k}") ? Arrays[$"cond_{k}"].ToArray<double>() : []).ToArray();
        var columns = ConditionColumns.Sum();
        var all = new double[rows * columns];
        var start = 0;
        for (var k = 0; k < parts.Length; k++)
        {
            for (var i = 0; i < rows; i++)
                parts[k].AsSpan(i * ConditionColumns[k], ConditionColumns[k]).CopyTo(all.AsSpan((i * columns) + start));
            start += ConditionColumns[k];
        }

        return all;
    }

    public override string ToString() => Name;
}
