using FlowCore.Training;

namespace FlowCore.Cli.Fitting;

/// <summary>How far a fit is: it consists of one run, or of runs of once, once, four and twelve times a length that the first one shows.</summary>
/// <param name="isSingle">Whether it is one run.</param>
/// <param name="runs">The length of all runs together where it is not, in lengths of the first.</param>
internal sealed class RunUnits(bool isSingle, int runs = RunUnits.AllRuns)
{
    private const int UnitsOfARun = 100;
    private const int AllRuns = 18;

    private long _before;
    private long _last;
    private long _length;

    /// <summary>The units of the longest fit.</summary>
    public long Total => isSingle ? UnitsOfARun : UnitsOfARun * runs;

    /// <summary>The units that are done; never all of them, because a fit may end early.</summary>
    /// <param name="progress">A report.</param>
    public long Of(TrainingProgress progress)
    {
        if (progress.Step < _last)
            _before += _last;
        _last = progress.Step;
        if (_length == 0)
            _length = Math.Max(1, (long)progress.Epochs * progress.StepsPerEpoch);
        return Math.Min(Total - 1, UnitsOfARun * (_before + _last) / _length);
    }
}
