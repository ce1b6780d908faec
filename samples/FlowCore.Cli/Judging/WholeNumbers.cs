using System.Numerics;
using CommandLine;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Cli.Judging;

/// <summary>The whole numbers among a model's features: its density is that of n + u with u uniform in [0, 1), and so are its draws.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class WholeNumbers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The same u for a row, whoever asks.
    private const ulong Seed = 0x77686F6C65;

    private readonly bool[] _isWhole;

    private readonly bool _any;

    private WholeNumbers(bool[] isWhole) => (_isWhole, _any) = (isWhole, Array.IndexOf(isWhole, true) >= 0);

    /// <summary>Those of a model, by the chart in front of it; a model without a chart has none.</summary>
    /// <param name="model">The model.</param>
    public static WholeNumbers<T> Of(DensityModel<T> model)
    {
        var flow = (model is FactorizableFlow<T> factorizable ? factorizable.Base : model) as Flow<T>;
        var isWhole = new bool[model.Features];
        if (flow?.Transform is Composition<T> { Parts: [SupportChart<T> chart, ..] })
        {
            for (var j = 0; j < isWhole.Length; j++)
                isWhole[j] = chart.Charts[j].Support.Kind == SupportKind.Integers;
        }

        return new WholeNumbers<T>(isWhole);
    }

    /// <summary>Draws n + u become n.</summary>
    /// <param name="rows">Row-major [rows, features].</param>
    public void Floor(Span<T> rows)
    {
        for (var i = 0; _any && i < rows.Length; i++)
        {
            if (_isWhole[i % _isWhole.Length])
                rows[i] = T.Floor(rows[i]);
        }
    }

    /// <summary>Whole numbers n become n + u, as the fit had them.</summary>
    /// <param name="rows">Row-major [rows, features].</param>
    /// <param name="firstRow">The number of the first row in its table, from 0.</param>
    public void Spread(Span<T> rows, long firstRow)
    {
        if (!_any)
            return;
        var uniform = new T[rows.Length];
        new RandomStream(Seed).FillUniform<T>(uniform, (ulong)firstRow * (ulong)_isWhole.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            // What is no whole number is left to the model, whose density it may have.
            if (_isWhole[i % _isWhole.Length] && T.IsInteger(rows[i]))
                rows[i] = T.Min(rows[i] + uniform[i], T.BitDecrement(rows[i] + T.One));
        }
    }

    /// <summary>Says which columns are spread.</summary>
    /// <param name="columns">The names of the features.</param>
    /// <param name="reporter">Where to.</param>
    public void Say(IReadOnlyList<string> columns, ConsoleReporter reporter)
    {
        if (_any)
            reporter.Line($"Whole numbers n of {string.Join(", ", columns.Where((_, j) => _isWhole[j]).Select(name => $"'{name}'"))} are spread over [n, n + 1), as the fit had them.");
    }
}
