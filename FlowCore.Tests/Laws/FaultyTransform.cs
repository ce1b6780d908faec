using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>z = 2 x of two features with one fault; of no registered kind.</summary>
internal sealed class FaultyTransform(Fault fault) : Transform<double>(2, 0, [])
{
    private static readonly double _logDet = 2 * Math.Log(2);

    public override Domain Domain => fault == Fault.Outside ? Domain.Of(Axis.Interval(0, 1), Axis.Real) : Domain.Reals(2);

    protected internal override void Write(PartWriter writer)
    {
    }

    protected internal override Variable<double> ForwardCore(Tape<double> tape, Variable<double> x, Variable<double> conditions, out Variable<double> logDet)
    {
        logDet = Number(x, fault == Fault.LogDet ? 1 : _logDet);
        if (fault == Fault.Neighbour)
            return (x * 2.0) + (x.SumRows() * 1e-16);
        return fault == Fault.Adjoint ? (x * 1.5) + (tape.Input(Values(tape, x), 2) * 0.5) : x * 2.0;
    }

    protected internal override Variable<double> InverseCore(Tape<double> tape, Variable<double> z, Variable<double> conditions, out Variable<double> logDet)
    {
        logDet = Number(z, fault == Fault.InverseLogDet ? -1 : -_logDet);
        return z * (fault == Fault.Inverse ? 0.5000001 : 0.5);
    }

    private static Variable<double> Number(Variable<double> x, double value) => (x.SumColumns() * 0.0) + value;

    // What the tape does not see it cannot differentiate.
    private static double[] Values(Tape<double> tape, Variable<double> x)
    {
        var values = new double[x.Rows * 2];
        tape.ReadValue(x, values);
        return values;
    }
}
