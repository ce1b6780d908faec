using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Factorizable;

namespace FlowCore.Training;

/// <summary>What is to be said about a run when it is over.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal static class RunWarnings<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Of fewer epochs nothing can be said.
    private const int FewestEpochs = 10;
    private const double LargestFall = 0.02;
    private const double LargestGap = 0.1;
    private const double SmallestResponse = 0.01;

    // Beyond this many values of ν, rows are told apart by the signs of the first three nuisances.
    private const int MostTemplates = 64;

    /// <summary>Whether the validation loss was still falling when a run had come to its last epoch: by 0.02 nats and more in the last fifth of the epochs.</summary>
    public static TrainingWarning? StillImproving(TrainingHistory history, TrainingOutcome outcome)
    {
        var epochs = history.Epochs;
        if (outcome != TrainingOutcome.Completed || epochs.Count < FewestEpochs)
            return null;

        // The least of either part, so that one bad epoch is no trend.
        var cut = epochs.Count - Math.Max(2, epochs.Count / 5);
        var before = Least(history, 0, cut);
        var after = Least(history, cut, epochs.Count);
        return before - after > LargestFall
            ? new(
                TrainingWarningKind.StillImproving,
                Text($"The validation loss was still falling at the end, by {before - after:g2} nats in the last {epochs.Count - cut} of {epochs.Count} epochs: more epochs or a larger learning rate would fit better."))
            : null;
    }

    /// <summary>Whether a model with more parameters than rows has learned them by heart, as the best epoch's losses show.</summary>
    public static TrainingWarning? FewRows(DensityModel<T> model, TrainingHistory history, int bestEpoch, long rows, long validationRows)
    {
        var parameters = model.Parameters.Parameters.Where(parameter => parameter.Trainable).Sum(parameter => (long)parameter.Length);
        if (parameters <= rows || history.Epochs.Count < FewestEpochs || bestEpoch < 0 || bestEpoch >= history.Epochs.Count)
            return null;

        // The mean loss of n rows of a normal distribution is known to √(D / 2n); four of these are no chance.
        var best = history.Epochs[bestEpoch];
        var gap = best.ValidationLoss - best.TrainLoss;
        return gap > LargestGap + (4 * Math.Sqrt(model.Features / (2.0 * validationRows)))
            ? new(
                TrainingWarningKind.FewRows,
                Text($"The model has {parameters} parameters and {rows} rows to learn them from: at its best epoch it is {gap:g2} nats better on these than on others. A smaller model or more rows would generalise better."))
            : null;
    }

    /// <summary>
    /// Whether a residual explains less than half of what templates differ from the base by. That difference is bounded from below by the
    /// moments of u = f(x), which the base makes N(0, 1) of its own rows: KL ≥ Σ ½ (m² + s² − 1 − ln s²) over the features, in the mean over the templates.
    /// </summary>
    public static TrainingWarning? NoResponse(FactorizableFlow<T> model, ReadOnlySpan<T> x, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances)
    {
        var count = x.Length / model.Features;
        var baseConditions = model.Base.ContextFeatures > 0 ? context : default;
        var (u, ofBase, ofModel) = (new T[count * model.Base.NoiseFeatures], new T[count], new T[count]);
        model.Base.ToNoise(x, baseConditions, u, default);
        model.Base.LogDensity(x, baseConditions, ofBase);
        model.LogDensity(x, new Conditions<T>(context, nuisances), ofModel);
        var (gain, used) = (0.0, 0);
        for (var i = 0; i < count; i++)
        {
            var difference = double.CreateTruncating(ofModel[i]) - double.CreateTruncating(ofBase[i]);
            if (!double.IsFinite(difference))
                continue;
            gain += difference;
            used++;
        }

        gain /= Math.Max(used, 1);
        var (possible, groups) = Difference(u, model.Base.NoiseFeatures, nuisances, model.Nuisances);

        // By chance a template of n rows seems to differ by D/n.
        var noise = (double)model.Base.NoiseFeatures * groups / count;
        return possible > SmallestResponse + (4 * noise) && gain < possible / 2
            ? new(
                TrainingWarningKind.NoResponse,
                Text($"The residual is closer to no response than to the templates: these differ from the base by at least {possible:g2} nats, of which it explains {gain:g2}. Train it longer, at a larger rate, or give it a higher order."))
            : null;
    }

    private static (double Nats, int Groups) Difference(ReadOnlySpan<T> u, int features, ReadOnlySpan<T> nuisances, int columns)
    {
        var count = u.Length / features;
        var groups = GroupsOf(nuisances, columns, count, out var numbers);
        var rows = new int[groups];
        var sums = new double[groups * features];
        var squares = new double[groups * features];
        for (var i = 0; i < count; i++)
        {
            rows[numbers[i]]++;
            for (var j = 0; j < features; j++)
            {
                var value = double.CreateTruncating(u[(i * features) + j]);
                sums[(numbers[i] * features) + j] += value;
                squares[(numbers[i] * features) + j] += value * value;
            }
        }

        double nats = 0;
        for (var k = 0; k < sums.Length; k++)
        {
            var n = rows[k / features];
            var mean = sums[k] / n;
            var variance = (squares[k] / n) - (mean * mean);
            if (n > 1 && variance > 0 && double.IsFinite(variance))
                nats += 0.5 * ((mean * mean) + variance - 1 - Math.Log(variance)) * n / count;
        }

        return (nats, groups);
    }

    private static int GroupsOf(ReadOnlySpan<T> nuisances, int columns, int count, out int[] numbers)
    {
        numbers = new int[count];
        var templates = new List<T[]>();
        for (var i = 0; i < count && templates.Count <= MostTemplates; i++)
        {
            var nu = nuisances.Slice(i * columns, columns);
            var at = 0;
            while (at < templates.Count && !nu.SequenceEqual(templates[at]))
                at++;
            if (at == templates.Count)
                templates.Add(nu.ToArray());
            numbers[i] = at;
        }

        if (templates.Count <= MostTemplates)
            return templates.Count;
        for (var i = 0; i < count; i++)
        {
            numbers[i] = 0;
            for (var k = 0; k < Math.Min(columns, 3); k++)
                numbers[i] |= T.IsNegative(nuisances[(i * columns) + k]) ? 1 << k : 0;
        }

        return 8;
    }

    private static double Least(TrainingHistory history, int first, int end)
    {
        var least = double.PositiveInfinity;
        for (var i = first; i < end; i++)
            least = Math.Min(least, history.Epochs[i].ValidationLoss);
        return least;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
