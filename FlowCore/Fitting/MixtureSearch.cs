using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Numerics;
using FlowCore.Random;
using FlowCore.Training;

namespace FlowCore.Fitting;

/// <summary>How many normal distributions the rows of a fit look like, and which ones.</summary>
/// <remarks>
/// A continuous map of one normal distribution cannot part data into islands: between them it leaves bridges, and the more features there are the more it
/// takes to make them thin. A base of several normal distributions has the islands from the start. How many there are is judged by the likelihood of the training rows, less twice what
/// its numbers are expected to have won by chance (Akaike 1974 takes it once), as long as the rows that are held out do not disagree.
/// </remarks>
internal static class MixtureSearch
{
    private const int SearchRows = 20_000;
    private const int StartRows = 4000;
    private const int Starts = 8;
    private const int StartSteps = 20;
    private const int SearchSteps = 100;
    private const double SearchTolerance = 1e-5;
    private const int LastSteps = 30;
    private const double LastTolerance = 1e-6;

    // How many numbers of components that bring nothing end the search.
    private const int Patience = 2;

    // In nats for each number of the mixture: a half is what it costs on other rows, a half what it wins on these.
    private const double Penalty = 2;

    // Losses of n rows that lie this over n apart are not told apart: twice √(2δ/n) for δ nats.
    private const double Disagreement = 8;

    // Rows for each number of a component.
    private const int RowsPerNumber = 10;

    private static readonly int[] _components = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

    /// <summary>The components of the best mixture.</summary>
    /// <param name="training">Rows in the coordinates of the flow.</param>
    /// <param name="validation">Rows that decide how many there are.</param>
    /// <param name="stream">Where the first centres come from.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The components; null where the rows are too few or depend linearly on each other, or the search was cancelled.</returns>
    public static NormalComponents? Run<T>(ArrayData<T> training, ArrayData<T> validation, RandomStream stream, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = training.Features;
        var (few, fewWeights) = training.Columns(StartRows);
        var fewRows = RowsOf(few);
        double[] overall;
        try
        {
            overall = DataMoments.MeanAndFactor<double>(fewRows, features).Factor;
        }
        catch (ArgumentException)
        {
            // Features that depend on each other: nothing to build on.
            return null;
        }

        var (some, someWeights) = training.Columns(SearchRows);
        var (held, heldWeights) = validation.Columns(SearchRows);
        // Of weighted rows as many of equal weight as know as much (Kish 1965).
        var rows = someWeights.Length == 0
            ? some[0].Length
            : TensorPrimitives.Sum<double>(someWeights) * TensorPrimitives.Sum<double>(someWeights) / TensorPrimitives.SumOfSquares<double>(someWeights);
        NormalComponents? best = null;
        var (score, loss, failures) = (double.PositiveInfinity, double.PositiveInfinity, 0);
        foreach (var components in _components)
        {
            if (failures >= Patience || NumbersOf(features, components) * RowsPerNumber > rows || cancellationToken.IsCancellationRequested)
                break;
            if (Start(components, stream.Substream((ulong)components)) is not { } found)
                return null;
            failures = IsBetter(found) ? 0 : failures + 1;
        }

        // An island that two components share is better off with one, which no start may have found.
        while (best is { Components: > 2 } && !cancellationToken.IsCancellationRequested && IsBetter(WithoutOne(best, few, fewWeights)))
        {
        }

        if (cancellationToken.IsCancellationRequested)
            return null;
        if (best is not null)
        {
            var (all, weights) = training.Columns(training.Count);
            best.Maximise(all, weights, LastSteps, LastTolerance);
        }

        return best;

        // The best of some starts: k-means++ now and then puts two centres into one island. None where there are fewer different rows than centres.
        NormalComponents? Start(int components, RandomStream own)
        {
            NormalComponents? first = null;
            var greatest = double.NegativeInfinity;
            for (var start = 0; start < Starts; start++)
            {
                NormalComponents found;
                try
                {
                    found = new NormalComponents(fewRows, overall, features, components, own.Substream((ulong)start));
                }
                catch (ArgumentException)
                {
                    return null;
                }

                found.Maximise(few, fewWeights, StartSteps, SearchTolerance);
                var likelihood = found.MeanLogDensity(few, fewWeights);
                if (likelihood > greatest)
                    (first, greatest) = (found, likelihood);
            }

            return first;
        }

        bool IsBetter(NormalComponents found)
        {
            found.Maximise(some, someWeights, SearchSteps, SearchTolerance);
            var own = (Penalty * NumbersOf(features, found.Components) / rows) - found.MeanLogDensity(some, someWeights);
            var ownLoss = -found.MeanLogDensity(held, heldWeights);
            if (!(own < score && ownLoss < loss + (Disagreement / held[0].Length)))
                return false;
            (best, score, loss) = (found, own, ownLoss);
            return true;
        }
    }

    // The weights sum to 1, which one of them follows from.
    private static int NumbersOf(int features, int components) => NormalMixture<double>.NumbersOf(features, components, isDiagonal: false) - 1;

    private static double[] RowsOf(double[][] columns)
    {
        var rows = new double[columns.Length * columns[0].Length];
        for (var j = 0; j < columns.Length; j++)
        {
            for (var i = 0; i < columns[j].Length; i++)
                rows[(i * columns.Length) + j] = columns[j][i];
        }

        return rows;
    }

    // Without the component that the others make up for best.
    private static NormalComponents WithoutOne(NormalComponents components, double[][] columns, double[] weights)
    {
        var best = components;
        var greatest = double.NegativeInfinity;
        for (var k = 0; k < components.Components; k++)
        {
            var rest = components.Without(k);
            rest.Maximise(columns, weights, StartSteps, SearchTolerance);
            var own = rest.MeanLogDensity(columns, weights);
            if (own > greatest)
                (best, greatest) = (rest, own);
        }

        return best;
    }
}
