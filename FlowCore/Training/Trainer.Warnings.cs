using System.Globalization;
using System.Numerics;
using FlowCore.Factorizable;

namespace FlowCore.Training;

/// <content>What a run tells its caller of.</content>
public sealed partial class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Rows that a residual's response is judged by when the run is over.
    private const int ResponseRows = 1 << 13;

    private bool _warnedOfData;
    private bool _warnedOfRun;

    /// <summary>All rows of which the training's are a part: what warnings are about. Null for the training's own, where they are in memory.</summary>
    internal ArrayData<T>? AllRows { get; init; }

    // An objective of its own may want rows that are no events.
    private void WarnAboutData()
    {
        if (_warnedOfData)
            return;
        _warnedOfData = true;
        if (_objective is not null || (AllRows ?? _data as ArrayData<T>) is not { } rows || !rows.HasWeight())
            return;
        foreach (var warning in DataWarnings<T>.About(_model, rows, _data.Rows ?? 0, _validation is not null))
            Warn(warning, writer: null);
    }

    private void WarnAboutRun(TrainingOutcome outcome, HistoryWriter? writer)
    {
        _warnedOfRun = true;
        if (History.Epochs.Count > 0 && History.Epochs[^1] is var last && last.OutsideRows + last.ValidationOutsideRows > 0)
        {
            Warn(
                new(
                    TrainingWarningKind.OutsideRows,
                    string.Create(CultureInfo.InvariantCulture, $"{last.OutsideRows} training rows and {last.ValidationOutsideRows} validation rows of the last epoch lie outside the support of the model, where its density is 0, and were left out of the losses.")),
                writer);
        }

        if (_validation is not null && RunWarnings<T>.StillImproving(History, outcome) is { } improving)
            Warn(improving, writer);
        if (_objective is not null)
            return;
        if (_validation is ArrayData<T> held && _data.Rows is { } rows && RunWarnings<T>.FewRows(_model, History, _state.BestEpoch, rows, held.Count) is { } few)
            Warn(few, writer);
        if (_model is FactorizableFlow<T> factorizable && NoResponse(factorizable) is { } none)
            Warn(none, writer);
    }

    private TrainingWarning? NoResponse(FactorizableFlow<T> model)
    {
        var source = _validation ?? _data;
        var size = _validation is null ? BatchSize : _evaluationRows;
        var rows = (int)Math.Min(Math.Min(size, ResponseRows), source.Rows ?? size);
        var (x, context, nuisances) = (new T[rows * model.Features], new T[rows * model.ContextFeatures], new T[rows * model.Nuisances]);
        var weights = new T[rows];
        source.Fill(new BatchRequest(BatchPurpose.Validation, 0, 0, size, 0, rows, _validationStream), x, context, nuisances, weights);
        return RunWarnings<T>.NoResponse(model, x, context, nuisances);
    }

    private void Warn(TrainingWarning warning, HistoryWriter? writer)
    {
        History.Add(warning);
        writer?.Write(warning);
        _options.Warn?.Invoke(warning);
    }
}
