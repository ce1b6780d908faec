namespace FlowCore.Manifolds;

/// <summary>The known letters: the library's own, one line each, and those that a program adds.</summary>
/// <remarks>Thread-safe.</remarks>
public static class LayerLetters
{
    private static readonly Lock _gate = new();

    // The library's own letters: the only list of them.
    private static LayerLetter[] _all =
    [
        new MoebiusLetter(),
        new CircularSplineLetter(),
        new RotationLetter(),
        new FisherLetter(),
        new ExponentialMapLetter(),
        new AutoregressiveSphereLetter(),
        new SphereFlowLetter(),
        new IntervalSplineLetter(),
        new IntervalIdentityLetter(),
        new CategoryLetter(),
        new IdentityLetter(),
        new TriangularAffineLetter(),
        new GaussianizationLetter(),
        new PredecessorLetter(),
        new PolynomialStretchLetter(),
        new RelaxedCategoryLetter(),
        new StickLetter(),
    ];

    /// <summary>All letters.</summary>
    public static IReadOnlyList<LayerLetter> All => Volatile.Read(ref _all);

    /// <summary>Makes a letter known; best once, when the program starts.</summary>
    /// <param name="letter">The letter; a lower-case one that no known letter of the same manifolds has.</param>
    /// <exception cref="ArgumentException">It is not a lower-case letter.</exception>
    public static void Add(LayerLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        if (!char.IsAsciiLetterLower(letter.Letter))
            throw new ArgumentException($"Expected a letter from a to z, got '{letter.Letter}'.", nameof(letter));
        lock (_gate)
            _all = [.. _all, letter];
    }

    /// <summary>The letter that may stand on a manifold; where two have the same, the one that was added last.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <param name="letter">The letter.</param>
    /// <returns>The letter, or null where there is none.</returns>
    public static LayerLetter? Find(Manifold manifold, char letter)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        return All.LastOrDefault(known => known.Letter == letter && known.ActsOn(manifold));
    }
}
