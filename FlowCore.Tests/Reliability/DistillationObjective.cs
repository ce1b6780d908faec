using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;

namespace FlowCore.Tests.Reliability;

/// <summary>(ln q(x) − t(x))² with the numbers t that a function gives for the rows of a block, and no gradient to them.</summary>
/// <param name="teacher">Gives a number for each row: the rows, their features, the numbers.</param>
internal sealed class DistillationObjective(Action<double[], double[]> teacher) : IObjective<double>
{
    public Variable<double> RowLoss(DensityModel<double> model, Variable<double> x, Variable<double> conditions)
    {
        var tape = x.Tape!;
        var rows = new double[x.Rows * x.Columns];
        tape.ReadValue(x, rows);
        // In the middle of the block: what was recorded before must survive the call.
        var logDensity = model.LogDensity(x, conditions);
        var numbers = new double[x.Rows];
        teacher(rows, numbers);
        var difference = logDensity - tape.Input(numbers, 1);
        return difference * difference;
    }
}
