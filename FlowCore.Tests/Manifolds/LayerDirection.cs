using FlowCore.Manifolds;
using FlowCore.Transforms;

namespace FlowCore.Tests.Manifolds;

/// <summary>One direction of a layer at some states: results, Jacobians, and the laws of that direction.</summary>
internal sealed class LayerDirection
{
    private const double Roundings = 64;

    private readonly Manifold _manifold;
    private readonly LayerEvaluation<double> _evaluation;
    private readonly double[] _parameters;
    private readonly bool _areShared;
    private readonly double[,,] _jacobians;
    private readonly int _columns;
    private readonly int _rows;

    public LayerDirection(Manifold manifold, LayerEvaluation<double> evaluation, bool sample, double[] states, double[] parameters, bool areShared)
    {
        _manifold = manifold;
        _evaluation = evaluation;
        _parameters = parameters;
        _areShared = areShared;
        _columns = manifold.StateColumns;
        _rows = states.Length / _columns;
        IsSample = sample;
        X = states;
        (Y, LogDet) = evaluation.Apply(sample, states, parameters, areShared);
        _jacobians = evaluation.Jacobians(sample, states, parameters, areShared);
    }

    public bool IsSample { get; }

    public string Name => IsSample ? "sampling" : "evaluation";

    public double[] X { get; }

    public double[] Y { get; }

    public double[] LogDet { get; }

    /// <summary>The other direction leads back, and gives the same ld.</summary>
    public LawResult[] Returns(double tolerance)
    {
        var back = new LayerDirection(_manifold, _evaluation, !IsSample, Y, _parameters, _areShared);
        var (states, logDets) = (new WorstDeviation(), new WorstDeviation());
        for (var row = 0; row < _rows; row++)
        {
            for (var i = 0; i < _columns; i++)
                states.Note(X[(row * _columns) + i], Near(X[(row * _columns) + i], back.Y[(row * _columns) + i]), back.UnitOf(row, i), "state", row, i);
            logDets.Note(LogDet[row], back.LogDet[row], back.UnitOf(row, _columns), "ld", row);
        }

        return [states.For($"{Name} and back", tolerance), logDets.For($"{Name} and back: the same ld", tolerance)];
    }

    /// <summary>ld is that of the tape's Jacobian in coordinates of the manifold.</summary>
    public LawResult HasDeterminant(double tolerance)
    {
        var worst = new WorstDeviation();
        for (var row = 0; row < _rows; row++)
        {
            var matrix = StateCoordinates.Jacobian(_manifold, _jacobians, row, X.AsSpan(row * _columns, _columns), Y.AsSpan(row * _columns, _columns), out var correction);
            var logDet = (Determinant.LogAbs(matrix, out var rounding) + correction) * (IsSample ? -1 : 1);
            worst.Note(logDet, LogDet[row], Math.Max(1 + Math.Abs(LogDet[row]), Roundings * rounding / tolerance), "ln |det J| and ld", row);
        }

        return worst.For($"{Name}: ld is that of the tape's Jacobian", tolerance);
    }

    /// <summary>Numbers of another precision, or found on another way, are near.</summary>
    public LawResult IsFollowedBy<T>(T[] values, T[] logDet, string law, double tolerance)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var worst = new WorstDeviation();
        for (var row = 0; row < _rows; row++)
        {
            for (var i = 0; i < _columns; i++)
            {
                var expected = Y[(row * _columns) + i];
                worst.Note(expected, Near(expected, double.CreateTruncating(values[(row * _columns) + i])), UnitOf(row, i), "state", row, i);
            }

            worst.Note(LogDet[row], double.CreateTruncating(logDet[row]), UnitOf(row, _columns), "ld", row);
        }

        return worst.For(law, tolerance);
    }

    /// <summary>What rounding is measured in: that of an output, or behind them of ld, and that of the inputs carried there.</summary>
    private double UnitOf(int row, int output)
    {
        var unit = 1 + Math.Abs(output < _columns ? Y[(row * _columns) + output] : LogDet[row]);
        for (var j = 0; j < _columns; j++)
            unit += Math.Abs(_jacobians[row, output, j]) * (1 + Math.Abs(X[(row * _columns) + j]));
        return unit;
    }

    // Angles are the same modulo 2π.
    private double Near(double expected, double found) => _manifold.Kind == ManifoldKind.Circle && double.IsFinite(found)
        ? found - (2 * Math.PI * Math.Round((found - expected) / (2 * Math.PI)))
        : found;
}
