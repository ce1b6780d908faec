using FactorizableFlow.Generator;

namespace FactorizableFlow.Figures;

/// <summary>
/// p(y | class, x1 in a range): the average of p(y | x, class) over x, by a midpoint rule in the normal coordinates of x. Immutable.
/// </summary>
/// <remarks>
/// The rule converges exponentially for the whole plane; for a range, its error is far below what a figure shows.
/// </remarks>
internal sealed class TruthMixture
{
    private const int NodesX1 = 40;
    private const int NodesX2 = 16;
    private const double Reach = 5;

    private readonly ToyTruth _truth;
    private readonly int _label;
    private readonly (double Weight, Point2 X, ConditionalNormal Y)[] _nodes;

    private TruthMixture(ToyTruth truth, int label, (double Weight, Point2 X, ConditionalNormal Y)[] nodes) =>
        (_truth, _label, _nodes) = (truth, label, nodes);

    /// <summary>Whether marginals and moments have a closed form at every x.</summary>
    public bool IsNormal => !_truth.Settings.IsDistorted && !_truth.Settings.SigmoidY;

    /// <summary>Entropy of y given x and class over x, mean and standard deviation, in nats; null where the logistic map leaves it without closed form.</summary>
    public TruthEntropy? Entropy
    {
        get
        {
            if (_truth.Settings.SigmoidY)
                return null;

            double first = 0;
            double second = 0;
            foreach ((var weight, var _, var y) in _nodes)
            {
                var entropy = 1 + Math.Log(2 * Math.PI * y.Sigma.First * y.Sigma.Second) + (0.5 * Math.Log(1 - (y.Correlation * y.Correlation)));
                first += weight * entropy;
                second += weight * entropy * entropy;
            }

            var shear = _truth.Settings.IsDistorted ? Math.Log(1 + (2 * _truth.Class(_label).Shear)) : 0;
            return new TruthEntropy(first + shear, Math.Sqrt(Math.Max(0, second - (first * first))));
        }
    }

    /// <summary>Prepares the average.</summary>
    /// <param name="truth">The truth.</param>
    /// <param name="label">0 for class A, 1 for B.</param>
    /// <param name="from">Lower end of the range of x1; -∞ for none.</param>
    /// <param name="to">Upper end; ∞ for none.</param>
    public static TruthMixture Of(ToyTruth truth, int label, double from = double.NegativeInfinity, double to = double.PositiveInfinity)
    {
        var x = TriangularGaussian.OfX(truth, label);
        var low = Math.Max(-Reach, (from - x.Mean.First) / x.L11);
        var high = Math.Min(Reach, (to - x.Mean.First) / x.L11);
        if (!(low < high))
        {
            // The range lies in the far tail: its nearer end stands for it.
            low = Math.Clamp(low, -Reach, Reach);
            high = low + 1e-9;
        }

        var nodes = new (double Weight, Point2 X, ConditionalNormal Y)[NodesX1 * NodesX2];
        double total = 0;
        for (var i = 0; i < NodesX1; i++)
        {
            var n1 = low + ((high - low) * (i + 0.5) / NodesX1);
            for (var j = 0; j < NodesX2; j++)
            {
                var n2 = Reach * ((2 * (j + 0.5) / NodesX2) - 1);
                var weight = Math.Exp(-0.5 * ((n1 * n1) + (n2 * n2)));
                var at = new Point2(x.Mean.First + (x.L11 * n1), x.Mean.Second + (x.L21 * n1) + (x.L22 * n2));
                nodes[(i * NodesX2) + j] = (weight, at, truth.ConditionalY(at.First, at.Second, label));
                total += weight;
            }
        }

        for (var k = 0; k < nodes.Length; k++)
            nodes[k].Weight /= total;

        return new TruthMixture(truth, label, nodes);
    }

    /// <summary>The density.</summary>
    public double Density(double y1, double y2)
    {
        double sum = 0;
        foreach ((var weight, var x, var _) in _nodes)
            sum += weight * Math.Exp(_truth.LogDensityY(y1, y2, x.First, x.Second, _label));

        return sum;
    }

    /// <summary>The density of one feature, where <see cref="IsNormal"/>.</summary>
    public double Marginal(int feature, double value)
    {
        double sum = 0;
        foreach ((var weight, var _, var y) in _nodes)
        {
            var sigma = feature == 0 ? y.Sigma.First : y.Sigma.Second;
            var t = (value - (feature == 0 ? y.Mean.First : y.Mean.Second)) / sigma;
            sum += weight * Math.Exp(-0.5 * t * t) / sigma;
        }

        return sum / Math.Sqrt(2 * Math.PI);
    }

    /// <summary>Mean and standard deviation of one feature, where <see cref="IsNormal"/>.</summary>
    public (double Mean, double Deviation) Moments(int feature)
    {
        double first = 0;
        double second = 0;
        foreach ((var weight, var _, var y) in _nodes)
        {
            var mean = feature == 0 ? y.Mean.First : y.Mean.Second;
            var sigma = feature == 0 ? y.Sigma.First : y.Sigma.Second;
            first += weight * mean;
            second += weight * ((mean * mean) + (sigma * sigma));
        }

        return (first, Math.Sqrt(Math.Max(0, second - (first * first))));
    }
}
