namespace FactorizableFlow.Validation;

/// <summary>Adds up log-densities of truth and model, event by event, in double.</summary>
/// <remarks>
/// Means and the squared deviations of the differences are formed a block at a time and merged in order (T. F. Chan, G. H. Golub,
/// R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979), so that a KL of 1e-5 keeps
/// its digits beside log-densities of order 1 over any number of events.
/// </remarks>
internal sealed class ClosureSums
{
    private const int BlockEvents = 1024;

    private double _truth;
    private double _model;
    private double _difference;
    private double _squares;

    /// <summary>How many events were added.</summary>
    public long Events { get; private set; }

    /// <summary>Adds events.</summary>
    /// <param name="truth">log p_truth of each.</param>
    /// <param name="model">log p_model of each, as many.</param>
    /// <exception cref="ArithmeticException">A log-density is not finite; the message names the event.</exception>
    public void Add(ReadOnlySpan<double> truth, ReadOnlySpan<float> model)
    {
        for (var start = 0; start < truth.Length; start += BlockEvents)
        {
            var n = Math.Min(BlockEvents, truth.Length - start);
            AddBlock(truth.Slice(start, n), model.Slice(start, n));
        }
    }

    /// <summary>The result.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="nu">The point.</param>
    /// <exception cref="InvalidOperationException">Fewer than two events were added.</exception>
    public ClosureRow Row(string model, IReadOnlyList<double> nu) =>
        Events >= 2
            ? new ClosureRow(model, nu, Events, -_truth, -_model, _difference, Math.Sqrt(_squares / (Events - 1) / Events))
            : throw new InvalidOperationException("A standard error takes at least two events.");

    private void AddBlock(ReadOnlySpan<double> truth, ReadOnlySpan<float> model)
    {
        double truthSum = 0;
        double modelSum = 0;
        double sum = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            truthSum += truth[i];
            modelSum += model[i];
            sum += truth[i] - model[i];
        }

        if (!double.IsFinite(sum))
            Refuse(truth, model);

        var mean = sum / truth.Length;
        double squares = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            var deviation = truth[i] - model[i] - mean;
            squares += deviation * deviation;
        }

        var total = Events + truth.Length;
        var share = (double)truth.Length / total;
        var step = mean - _difference;
        _truth += ((truthSum / truth.Length) - _truth) * share;
        _model += ((modelSum / truth.Length) - _model) * share;
        _difference += step * share;
        _squares += squares + (step * step * Events * share);
        Events = total;
    }

    private void Refuse(ReadOnlySpan<double> truth, ReadOnlySpan<float> model)
    {
        for (var i = 0; i < truth.Length; i++)
        {
            if (!double.IsFinite(truth[i]) || !float.IsFinite(model[i]))
            {
                throw new ArithmeticException(FormattableString.Invariant(
                    $"Closure needs finite log-densities, but event {Events + i} has {truth[i]} in truth and {model[i]} in the model."));
            }
        }
    }
}
