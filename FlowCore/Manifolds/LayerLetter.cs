using System.Numerics;

namespace FlowCore.Manifolds;

/// <summary>A letter of definition strings: on which manifolds it may stand, which options it has, and the layer that it makes.</summary>
/// <remarks>One class for each letter; <see cref="LayerLetters"/> holds them, a user's own included. Immutable.</remarks>
public abstract class LayerLetter
{
    /// <summary>The letter.</summary>
    public abstract char Letter { get; }

    /// <summary>Whether it may stand on a manifold.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <returns>True where it may.</returns>
    public abstract bool ActsOn(Manifold manifold);

    /// <summary>The options with their defaults.</summary>
    public abstract IReadOnlyList<LayerOption> Options { get; }

    /// <summary>Makes the layer.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="manifold">Where it acts; one that <see cref="ActsOn"/> takes.</param>
    /// <param name="options">Its options.</param>
    /// <param name="place">Where it stands.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">Options contradict each other, or the place is not one where the letter may stand.</exception>
    public abstract ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
