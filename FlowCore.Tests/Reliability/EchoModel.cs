using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;

namespace FlowCore.Tests.Reliability;

/// <summary>
/// A model whose density is computed by calls: a number of its own, and what its partner says with one level less. The context is
/// the number of levels; at 0 it is the own number alone.
/// </summary>
internal sealed class EchoModel(Device device, double number) : DensityModel<double>(device, 1, 1, 0)
{
    /// <summary>Whom it asks; may be itself.</summary>
    public EchoModel? Partner { get; set; }

    public override ParameterStore<double> Parameters { get; } = new(device, [new Parameter<double>("unused", 1, 1)]);

    public override BaseDistribution<double> BaseDistribution => throw new NotSupportedException();

    public override Variable<double> LogDensity(Variable<double> x, Variable<double> conditions = default)
    {
        var tape = x.Tape!;
        var own = tape.Allocate(1);
        tape.Kernels.Fill(tape.ValueOf(own), number);
        var levels = new double[tape.Rows];
        tape.ReadValue(conditions, levels);
        if (levels[0] == 0)
            return own;
        var rows = new double[tape.Rows];
        tape.ReadValue(x, rows);
        var answer = new double[tape.Rows];
        Partner!.LogDensity(rows, Array.ConvertAll(levels, level => level - 1), answer);
        // The value of the own block must have survived the calls.
        return own + tape.Input(answer, 1);
    }

    public override Variable<double> ToNoise(Variable<double> x, Variable<double> conditions, out Variable<double> logDet) =>
        throw new NotSupportedException();

    public override Variable<double> FromNoise(Variable<double> z, Variable<double> conditions, out Variable<double> logDet) =>
        throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            Parameters.Dispose();
    }
}
