using System.Globalization;

namespace FlowCore.Templates;

/// <summary>Which terms of the polynomial in ν the points of the templates determine.</summary>
/// <remarks>
/// At every x a layer's log-scale and shift are Σ_t c_t φ_t(ν) with the terms φ = ν_k, ν_k², ν_i ν_j. The templates fix these sums at their points, so the coefficients are
/// determined where the columns φ_t(ν of all templates) are linearly independent. Linear terms come first, then the quadratic ones, then the pairs; one that depends on those before it is left out.
/// </remarks>
internal sealed class ResponseTerms
{
    private const double Tolerance = 1e-9;

    private readonly double[][] _points;
    private readonly List<double[]> _basis = [];

    private ResponseTerms(double[][] points, string[] names)
    {
        _points = points;
        Names = names;
        Scales = new double[names.Length];
        for (var k = 0; k < names.Length; k++)
            Scales[k] = points.Max(point => Math.Abs(point[k]));
    }

    /// <summary>The names of the nuisances.</summary>
    public string[] Names { get; }

    /// <summary>The largest |ν_k| of the templates.</summary>
    public double[] Scales { get; }

    /// <summary>1, or 2 where any nuisance has a quadratic term.</summary>
    public int Order { get; private set; } = 1;

    /// <summary>The nuisances without a quadratic term among others with one: their only value, in units of the scale.</summary>
    public List<(int Nuisance, double Value)> LinearOnly { get; } = [];

    /// <summary>The pairs with a term.</summary>
    public List<(int First, int Second)> Pairs { get; } = [];

    /// <summary>The terms in words.</summary>
    public List<string> Terms { get; } = [];

    /// <summary>What is left out and why, a sentence each.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Chooses.</summary>
    /// <param name="points">ν of each template.</param>
    /// <param name="names">The names of the nuisances.</param>
    /// <param name="order">The order that was asked for, or null.</param>
    /// <param name="pairs">The pairs that were asked for, or null.</param>
    /// <exception cref="ArgumentException">A linear term, or one that was asked for, is not determined.</exception>
    public static ResponseTerms Of(double[][] points, string[] names, int? order, IReadOnlyList<(int First, int Second)>? pairs)
    {
        var terms = new ResponseTerms(points, names);
        terms.AddLinear();
        terms.AddQuadratic(order);
        terms.AddPairs(pairs);
        return terms;
    }

    private void AddLinear()
    {
        for (var k = 0; k < Names.Length; k++)
        {
            if (Scales[k] == 0)
                throw new ArgumentException($"Expected a template at which '{Names[k]}' moves, got none: nothing says what it does.");
            if (!TryAdd(k, -1))
            {
                throw new ArgumentException(
                    $"Expected templates in which each nuisance moves by itself, got '{Names[k]}' moving only together with {string.Join(", ", Names[..k].Select(name => $"'{name}'"))}: their effects cannot be told apart.");
            }

            Terms.Add(Names[k]);
        }
    }

    private void AddQuadratic(int? order)
    {
        if (order == 1)
        {
            Remarks.Add("The response is linear in every nuisance, as asked for.");
            return;
        }

        List<int> determined = [];
        List<int> left = [];
        var linearBasis = _basis.Count;
        for (var k = 0; k < Names.Length; k++)
            (TryAdd(k, k) ? determined : left).Add(k);
        if (left.Count > 0 && order == 2)
            throw new ArgumentException($"Expected templates that determine the quadratic terms, got {Values(left[0])} as the only values of '{Names[left[0]]}': add one on the other side, or ask for order 1.");
        foreach (var k in left)
        {
            var values = Distinct(k);
            Remarks.Add(values.Length == 1
                ? $"'{Names[k]}' has templates at {Values(k)} alone, so its response is linear: the quadratic term is not determined. A template on the other side would."
                : $"The quadratic term of '{Names[k]}' cannot be told from others and is left out.");
        }

        // A quadratic term can be left out of one nuisance where that has one value only; else it is left out of all.
        if (left.Exists(k => Distinct(k).Length > 1))
        {
            _basis.RemoveRange(linearBasis, _basis.Count - linearBasis);
            Remarks.Add("So the response is linear in every nuisance.");
            return;
        }

        Order = determined.Count > 0 ? 2 : 1;
        foreach (var k in determined)
            Terms.Add($"{Names[k]}²");
        if (Order == 2)
        {
            foreach (var k in left)
                LinearOnly.Add((k, Distinct(k)[0] / Scales[k]));
        }
    }

    private void AddPairs(IReadOnlyList<(int First, int Second)>? wanted)
    {
        if (wanted is not null)
        {
            foreach (var (i, j) in wanted)
            {
                if (i < 0 || i >= j || j >= Names.Length || Pairs.Contains((i, j)))
                    throw new ArgumentException($"Expected cross terms that are distinct pairs i < j below {Names.Length}, got ({i}, {j}).");
                if (!TryAdd(i, j))
                    throw new ArgumentException($"Expected templates in which '{Names[i]}' and '{Names[j]}' move together, to determine their cross term, got none that do.");
                Add(i, j);
            }

            return;
        }

        for (var i = 0; i < Names.Length; i++)
        {
            for (var j = i + 1; j < Names.Length; j++)
            {
                var joint = Array.Exists(_points, point => point[i] != 0 && point[j] != 0);
                if (!joint)
                    continue;
                if (TryAdd(i, j))
                    Add(i, j);
                else
                    Remarks.Add($"The cross term of '{Names[i]}' and '{Names[j]}' cannot be told from other terms by the joint templates and is left out.");
            }
        }

        void Add(int i, int j)
        {
            Pairs.Add((i, j));
            Terms.Add($"{Names[i]}·{Names[j]}");
        }
    }

    private double[] Distinct(int k) => [.. _points.Select(point => point[k]).Where(value => value != 0).Distinct().Order()];

    private string Values(int k) => string.Join(" and ", Distinct(k).Select(value => value.ToString("+0.######;-0.######", CultureInfo.InvariantCulture)));

    // Gram and Schmidt: whether the column of a term is independent of those before it; then it is one of them.
    private bool TryAdd(int first, int second)
    {
        var column = Array.ConvertAll(_points, point => point[first] / Scales[first] * (second < 0 ? 1 : point[second] / Scales[second]));
        var length = Length(column);
        if (length == 0)
            return false;

        // Twice, for what a first pass leaves of rounding.
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var direction in _basis)
            {
                var along = direction.Zip(column, (a, b) => a * b).Sum();
                for (var t = 0; t < column.Length; t++)
                    column[t] -= along * direction[t];
            }
        }

        var rest = Length(column);
        if (rest <= Tolerance * length)
            return false;
        _basis.Add(Array.ConvertAll(column, value => value / rest));
        return true;
    }

    private static double Length(double[] column) => Math.Sqrt(column.Sum(value => value * value));
}
