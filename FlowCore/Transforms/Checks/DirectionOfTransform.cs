namespace FlowCore.Transforms;

/// <summary>One direction of a transform at some rows: results, Jacobians, and the laws of that direction.</summary>
internal sealed class DirectionOfTransform
{
    private const double Roundings = 64;

    private readonly double[,,] _jacobians;
    private readonly int _rows;

    public DirectionOfTransform(TransformEvaluation<double> evaluation, bool inverse, double[] x, double[] conditions, int rows)
    {
        IsInverse = inverse;
        X = x;
        Conditions = conditions;
        _rows = rows;
        (Y, LogDet) = evaluation.Apply(inverse, x, conditions);
        _jacobians = evaluation.Jacobians(inverse, x, conditions);
        Inputs = x.Length / rows;
        Outputs = Y.Length / rows;
    }

    public bool IsInverse { get; }

    public string Name => IsInverse ? "inverse" : "forward";

    public double[] X { get; }

    public double[] Conditions { get; }

    public double[] Y { get; }

    public double[] LogDet { get; }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>The other direction leads back.</summary>
    public LawResult Returns(TransformEvaluation<double> evaluation, double tolerance)
    {
        var back = new DirectionOfTransform(evaluation, !IsInverse, Y, Conditions, _rows);
        var worst = new WorstDeviation();
        for (var row = 0; row < _rows; row++)
        {
            for (var i = 0; i < Inputs; i++)
                worst.Note(X[(row * Inputs) + i], back.Y[(row * Inputs) + i], back.UnitOf(row, i), IsInverse ? "z" : "x", row, i);
        }

        return worst.For(IsInverse ? "f(f⁻¹(z)) = z" : "f⁻¹(f(x)) = x", tolerance);
    }

    /// <summary>The log-determinant of the other direction there is the negative of this one's.</summary>
    public LawResult Cancels(TransformEvaluation<double> evaluation, double tolerance)
    {
        var back = new DirectionOfTransform(evaluation, !IsInverse, Y, Conditions, _rows);
        var worst = new WorstDeviation();
        for (var row = 0; row < _rows; row++)
            worst.Note(-LogDet[row], back.LogDet[row], back.UnitOf(row, Inputs), "ℓ", row);
        return worst.For($"{Name}: ℓ and that of the way back cancel", tolerance);
    }

    public LawResult HasDeterminant(double tolerance)
    {
        var worst = new WorstDeviation();
        for (var row = 0; row < _rows; row++)
        {
            var matrix = new double[Outputs, Inputs];
            for (var i = 0; i < Outputs; i++)
            {
                for (var j = 0; j < Inputs; j++)
                    matrix[i, j] = _jacobians[row, i, j];
            }

            // Where the products of the Jacobian nearly cancel, their roundings are larger than any tolerance: a composition's numbers have some dozens.
            var logDet = Determinant.LogAbs(matrix, out var rounding);
            worst.Note(logDet, LogDet[row], Math.Max(1 + Math.Abs(LogDet[row]), Roundings * rounding / tolerance), "ln |det J| and ℓ", row);
        }

        return worst.For($"{Name}: ℓ is ln |det J| of the tape's Jacobian", tolerance);
    }

    public LawResult HasTangents(TransformEvaluation<double> evaluation, double tolerance)
    {
        var law = $"{Name}: tangents are those of the adjoints";
        double[] tangents;
        try
        {
            tangents = evaluation.Tangents(IsInverse, X, Conditions);
        }
        catch (NotSupportedException exception)
        {
            return new LawResult(law, 0, tolerance, $"left out: {exception.Message}");
        }

        var worst = new WorstDeviation();
        for (var row = 0; row < _rows; row++)
        {
            var largest = 0.0;
            for (var i = 0; i < Outputs; i++)
            {
                for (var j = 0; j < Inputs; j++)
                    largest = Math.Max(largest, Math.Abs(_jacobians[row, i, j]));
            }

            for (var i = 0; i < Outputs; i++)
            {
                for (var j = 0; j < Inputs; j++)
                    worst.Note(_jacobians[row, i, j], tangents[(((row * Outputs) + i) * Inputs) + j], 1 + largest, $"∂y/∂x, output {i}", row, j);
            }
        }

        return worst.For(law, tolerance);
    }

    /// <summary>Numbers of another precision are near.</summary>
    public LawResult IsFollowedBy(float[] values, float[] logDet, string law, double tolerance)
    {
        var worst = new WorstDeviation();
        for (var row = 0; row < _rows; row++)
        {
            for (var i = 0; i < Outputs; i++)
                worst.Note(Y[(row * Outputs) + i], values[(row * Outputs) + i], UnitOf(row, i), "value", row, i);
            worst.Note(LogDet[row], logDet[row], UnitOf(row, Outputs), "ℓ", row);
        }

        return worst.For(law, tolerance);
    }

    /// <summary>What rounding is measured in: that of an output, or behind them of ℓ, and that of the inputs carried there.</summary>
    private double UnitOf(int row, int output)
    {
        var unit = 1 + Math.Abs(output < Outputs ? Y[(row * Outputs) + output] : LogDet[row]);
        for (var j = 0; j < Inputs; j++)
            unit += Math.Abs(_jacobians[row, output, j]) * (1 + Math.Abs(X[(row * Inputs) + j]));
        return unit;
    }
}
