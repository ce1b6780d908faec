namespace FlowCore.Networks;

/// <summary>
/// Which feature may depend on which: feature j's parameters see feature k iff rank(j) &gt; rank(k), and all of the context.
/// </summary>
/// <remarks>
/// Features of equal rank are a group: they are solved together in the inverse. With as many ranks as features this is
/// the autoregressive factorisation, with two ranks a coupling layer. What a rank sees contains what every lower rank
/// sees, so features and hidden units sorted by rank make every masked weight a <see cref="Staircase"/>. Immutable.
/// </remarks>
public sealed class AutoregressiveOrder
{
    private readonly int[] _ranks;
    private readonly int[] _featuresByRank;
    private readonly int[] _positions;
    private readonly int[] _groupStart;

    /// <summary>Creates the order from the rank of each feature.</summary>
    /// <param name="ranks">The rank of each feature, at least one; any integers, ties allowed.</param>
    /// <param name="contextFeatures">How many context columns every feature sees, 0 or more.</param>
    /// <exception cref="ArgumentException">There is no feature.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="contextFeatures"/> is negative.</exception>
    public AutoregressiveOrder(ReadOnlySpan<int> ranks, int contextFeatures = 0)
    {
        if (ranks.IsEmpty)
            throw new ArgumentException("Expected a rank for at least one feature.", nameof(ranks));
        ArgumentOutOfRangeException.ThrowIfNegative(contextFeatures);
        ContextFeatures = contextFeatures;
        _ranks = ranks.ToArray();
        _featuresByRank = new int[ranks.Length];
        for (var i = 0; i < _featuresByRank.Length; i++)
            _featuresByRank[i] = i;
        // Equal ranks keep the order of the features.
        Array.Sort(_featuresByRank, (a, b) => _ranks[a] != _ranks[b] ? _ranks[a].CompareTo(_ranks[b]) : a.CompareTo(b));
        _positions = new int[ranks.Length];
        var starts = new List<int>();
        for (var position = 0; position < _featuresByRank.Length; position++)
        {
            _positions[_featuresByRank[position]] = position;
            if (position == 0 || _ranks[_featuresByRank[position]] != _ranks[_featuresByRank[position - 1]])
                starts.Add(position);
        }

        starts.Add(ranks.Length);
        _groupStart = [.. starts];
    }

    /// <summary>How many features.</summary>
    public int Features => _ranks.Length;

    /// <summary>How many context columns.</summary>
    public int ContextFeatures { get; }

    /// <summary>How many distinct ranks: the passes that the inverse takes.</summary>
    public int Groups => _groupStart.Length - 1;

    /// <summary>The rank of each feature, as given.</summary>
    public ReadOnlySpan<int> Ranks => _ranks;

    /// <summary>The features sorted by rank.</summary>
    public ReadOnlySpan<int> FeaturesByRank => _featuresByRank;

    /// <summary>For each feature its position in <see cref="FeaturesByRank"/>.</summary>
    public ReadOnlySpan<int> Positions => _positions;

    /// <summary>The position of the first feature of each group, and after the last group the number of features.</summary>
    public ReadOnlySpan<int> GroupStart => _groupStart;

    /// <summary>The first group that hidden units are given to: one without any input has none, unless there is no other.</summary>
    internal int FirstReachableGroup => ContextFeatures == 0 && Groups > 1 ? 1 : 0;

    /// <summary>The positions as an array that operations may keep; not to be written to.</summary>
    internal int[] PositionArray => _positions;

    /// <summary>The features by rank as an array that operations may keep; not to be written to.</summary>
    internal int[] FeatureArray => _featuresByRank;

    /// <summary>The ranks 0, 1, ..., D − 1, or D − 1, ..., 0, in at most a given number of passes.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">How many context columns.</param>
    /// <param name="descending">Whether the last feature comes first.</param>
    /// <param name="passes">P, 1 to D: ranks are divided by ceil(D / P), rounded down; 0 for D.</param>
    /// <returns>The order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static AutoregressiveOrder Natural(int features, int contextFeatures = 0, bool descending = false, int passes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var ranks = new int[features];
        for (var i = 0; i < features; i++)
            ranks[i] = descending ? features - 1 - i : i;
        return InPasses(ranks, contextFeatures, passes);
    }

    /// <summary>A permutation as ranks, in at most a given number of passes.</summary>
    /// <param name="permutation">A rank 0 to D − 1 for each feature.</param>
    /// <param name="contextFeatures">How many context columns.</param>
    /// <param name="passes">P, 1 to D: ranks are divided by ceil(D / P), rounded down; 0 for D.</param>
    /// <returns>The order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static AutoregressiveOrder InPasses(ReadOnlySpan<int> permutation, int contextFeatures = 0, int passes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(passes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(passes, permutation.Length);
        var ranks = permutation.ToArray();
        if (passes > 0)
        {
            var size = (ranks.Length + passes - 1) / passes;
            for (var i = 0; i < ranks.Length; i++)
                ranks[i] /= size;
        }

        return new AutoregressiveOrder(ranks, contextFeatures);
    }
}
