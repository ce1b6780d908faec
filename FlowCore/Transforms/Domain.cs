namespace FlowCore.Transforms;

/// <summary>
/// Where points live, coordinate by coordinate: a product of axes, of spheres given by unit vectors and of simplices. Immutable.
/// </summary>
/// <remarks>
/// A transform states where it lives and where it leads; a composition checks that what a part reads is covered by what comes
/// before it, so that no probability is lost between them. A row outside the domain of a density has log-density −∞.
/// </remarks>
public sealed partial class Domain : IEquatable<Domain>
{
    private readonly Factor[] _factors;

    private Domain(Factor[] factors)
    {
        _factors = factors;
        foreach (var factor in factors)
            Columns += factor.Columns;
    }

    private enum Manifold
    {
        Axis,
        Sphere,
        Simplex,
    }

    /// <summary>How many coordinates a point has.</summary>
    public int Columns { get; }

    /// <summary>Whether every coordinate is a real number of its own.</summary>
    public bool IsReal => Array.TrueForAll(_factors, factor => factor.Manifold == Manifold.Axis && factor.Axis.IsReal);

    /// <summary>D real numbers.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <returns>The domain.</returns>
    public static Domain Reals(int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var factors = new Factor[features];
        Array.Fill(factors, new Factor(Manifold.Axis, 1, Axis.Real));
        return new Domain(factors);
    }

    /// <summary>A coordinate for each axis.</summary>
    /// <param name="axes">The axes, at least one.</param>
    /// <returns>The domain.</returns>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Domain Of(params ReadOnlySpan<Axis> axes)
    {
        if (axes.IsEmpty)
            throw new ArgumentException("Expected at least one axis, got none.", nameof(axes));
        var factors = new Factor[axes.Length];
        for (var i = 0; i < axes.Length; i++)
            factors[i] = new Factor(Manifold.Axis, 1, axes[i]);
        return new Domain(factors);
    }

    /// <summary>Unit vectors of dimension + 1 coordinates.</summary>
    /// <param name="dimension">1 for the circle, 2 for the sphere, ...</param>
    /// <returns>The domain.</returns>
    public static Domain Sphere(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        return new Domain([new Factor(Manifold.Sphere, dimension + 1, default)]);
    }

    /// <summary>d numbers of at least 0 whose sum is at most 1.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>The domain.</returns>
    public static Domain Simplex(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        return new Domain([new Factor(Manifold.Simplex, dimension, default)]);
    }

    /// <summary>The coordinates of several domains side by side.</summary>
    /// <param name="domains">The domains, at least one.</param>
    /// <returns>The product.</returns>
    public static Domain Product(params ReadOnlySpan<Domain> domains)
    {
        var factors = new List<Factor>();
        foreach (var domain in domains)
            factors.AddRange(domain._factors);
        return factors.Count > 0 ? new Domain([.. factors]) : throw new ArgumentException("Expected at least one domain, got none.", nameof(domains));
    }

    /// <summary>Whether every point of another domain, in the same coordinates, is one of this.</summary>
    /// <param name="other">The other domain.</param>
    /// <returns>True where it is.</returns>
    public bool Covers(Domain other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._factors.Length != _factors.Length)
            return false;
        for (var i = 0; i < _factors.Length; i++)
        {
            var (mine, its) = (_factors[i], other._factors[i]);
            if (mine.Manifold != its.Manifold || mine.Columns != its.Columns || (mine.Manifold == Manifold.Axis && !mine.Axis.Covers(its.Axis)))
                return false;
        }

        return true;
    }

    /// <summary>The axis of a coordinate of a product of axes.</summary>
    internal Axis AxisOf(int column) => _factors.Length == Columns && _factors[column].Manifold == Manifold.Axis
        ? _factors[column].Axis
        : throw new ArgumentException($"Expected a product of axes, got {this}.", nameof(column));

    /// <inheritdoc/>
    public bool Equals(Domain? other) => other is not null && _factors.AsSpan().SequenceEqual(other._factors);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Domain);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var factor in _factors)
            hash.Add(factor);
        return hash.ToHashCode();
    }

    /// <summary>The domain in words, equal neighbours taken together.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var texts = new List<string>();
        for (var i = 0; i < _factors.Length;)
        {
            var end = i + 1;
            while (end < _factors.Length && _factors[end] == _factors[i])
                end++;
            texts.Add(end - i == 1 ? _factors[i].ToString() : $"{end - i} times {_factors[i]}");
            i = end;
        }

        return string.Join(" × ", texts);
    }

    private readonly record struct Factor(Manifold Manifold, int Columns, Axis Axis)
    {
        public override string ToString() => Manifold switch
        {
            Manifold.Sphere => $"unit vectors of {Columns} coordinates",
            Manifold.Simplex => $"a simplex of {Columns} coordinates",
            _ => Axis.ToString(),
        };
    }
}
