using FlowCore.Autodiff;
using FlowCore.Compute;

namespace FlowCore.Tests.Training;

/// <summary>
/// ln p of independent normals with location m_j + Σ context + Σ nuisances and scale e^s_j, row by row on the host:
/// an operation of a user's own, so that these tests depend on little beside the trainer.
/// </summary>
internal sealed unsafe class ShiftScaleLogDensity : Operation<double>
{
    public const int X = 0;
    public const int Location = 1;
    public const int LogScale = 2;
    public const int Context = 3;
    public const int Nuisances = 4;

    protected internal override void Forward(in OperationCall<double> call)
    {
        var x = call.Input(X);
        var y = call.Output(0).Pointer;
        var location = call.Input(Location).Pointer;
        var logScale = call.Input(LogScale).Pointer;
        for (var row = 0; row < x.PaddedRows; row++)
        {
            var shift = RowSum(call.Input(Context), row) + RowSum(call.Input(Nuisances), row);
            double sum = 0;
            for (var j = 0; j < x.Columns; j++)
            {
                var u = (x.Column(j)[row] - shift - location[j]) * Math.Exp(-logScale[j]);
                sum -= (0.5 * u * u) + logScale[j] + (0.5 * Math.Log(2 * Math.PI));
            }

            y[row] = sum;
        }
    }

    protected internal override void Backward(in OperationCall<double> call)
    {
        var x = call.Input(X);
        var dy = call.OutputAdjoint(0).Pointer;
        var location = call.Input(Location).Pointer;
        var logScale = call.Input(LogScale).Pointer;
        var dlocation = call.InputAdjoint(Location).Pointer;
        var dx = call.InputAdjoint(X);
        var dlogScale = call.InputAdjoint(LogScale).Pointer;
        for (var row = 0; row < x.Rows; row++)
        {
            var shift = RowSum(call.Input(Context), row) + RowSum(call.Input(Nuisances), row);
            for (var j = 0; j < x.Columns; j++)
            {
                var u = (x.Column(j)[row] - shift - location[j]) * Math.Exp(-logScale[j]);
                if (!dx.IsEmpty)
                    dx.Column(j)[row] -= dy[row] * u * Math.Exp(-logScale[j]);
                if (dlocation != null)
                    dlocation[j] += dy[row] * u * Math.Exp(-logScale[j]);
                if (dlogScale != null)
                    dlogScale[j] += dy[row] * ((u * u) - 1);
            }
        }
    }

    private static double RowSum(in Matrix<double> matrix, int row)
    {
        double sum = 0;
        for (var j = 0; j < matrix.Columns; j++)
            sum += matrix.Column(j)[row];
        return sum;
    }
}
