using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>A mixture of K flows: ln p(x | c) = ln Σ_k w_k p_k(x | c), each p_k a base distribution and a transform of its own.</summary>
/// <remarks>
/// <para>
/// w = softmax of free numbers, equal at the start; the sum is taken without overflow, and a component of density 0 adds nothing. As a base distribution it
/// can stand behind further transforms; behind none, <c>new Flow&lt;T&gt;(mixture, new Composition&lt;T&gt;(D))</c> is the mixture itself. Pieces that do not hang
/// together, which one flow can join only by thin bridges, have components of their own.
/// </para>
/// <para>
/// A row costs all K components, in both directions. A sample takes the random numbers of one component, as many as the largest wants, and behind them one that
/// chooses the component: a uniform number, or the place of a normal one in its distribution. Samples are differentiable in the component that was chosen; the
/// choice jumps, so they have no gradient in the weights w. Log-densities have.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MixtureOfFlows<T> : BaseDistribution<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BaseDistribution<T>[] _bases;
    private readonly Transform<T>[] _transforms;

    /// <summary>Mixes flows.</summary>
    /// <param name="bases">The base distribution of each, all of normal or all of uniform random numbers; at least one.</param>
    /// <param name="transforms">The transform of each, from data to noise, all of D features.</param>
    /// <param name="name">The prefix of the name <c>.logits</c> [K].</param>
    /// <exception cref="ArgumentException">There is none, a base and its transform do not go together, or the components do not.</exception>
    public MixtureOfFlows(IReadOnlyList<BaseDistribution<T>> bases, IReadOnlyList<Transform<T>> transforms, string name = "mixture")
        : base(
            FeaturesOf(bases, transforms),
            [NewLogits(name, bases.Count), .. transforms.SelectMany(part => part.Parameters), .. bases.SelectMany(part => part.Parameters)],
            Math.Max(transforms.Max(part => part.ConditionColumns), bases.Max(part => part.ConditionColumns)))
    {
        _bases = [.. bases];
        _transforms = [.. transforms];
        Name = name;
        RandomNumbers = 1 + _bases.Max(part => part.RandomNumbers);

        // The largest of the domains; components may have less.
        Domain = _transforms[0].Domain;
        foreach (var transform in _transforms)
        {
            if (transform.Domain.Covers(Domain))
                Domain = transform.Domain;
        }

        foreach (var transform in _transforms)
        {
            if (!Domain.Covers(transform.Domain))
                throw new ArgumentException($"Expected a component whose domain covers those of the others, got {transform.Domain} beside {Domain}.", nameof(transforms));
        }
    }

    /// <inheritdoc/>
    public static string Kind => "mixture-of-flows";

    /// <summary>The base distribution of each component.</summary>
    public IReadOnlyList<BaseDistribution<T>> Bases => _bases;

    /// <summary>The transform of each component.</summary>
    public IReadOnlyList<Transform<T>> Transforms => _transforms;

    /// <summary>The prefix of the weights' name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override int RandomNumbers { get; }

    /// <inheritdoc/>
    public override RandomDistribution RandomDistribution => _bases[0].RandomDistribution;

    /// <inheritdoc/>
    public override Domain Domain { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new MixtureOfFlows<T>(reader.Parts<BaseDistribution<T>>("bases"), reader.Parts<Transform<T>>("transforms"), reader.Text("name"));
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        var logWeights = tape.Use(Parameters[0]).LogSoftmaxSegments(_bases.Length);
        var terms = tape.Allocate(_bases.Length);
        for (var k = 0; k < _bases.Length; k++)
        {
            using var scope = tape.BeginScope();
            var noise = _transforms[k].Forward(z, Transform<T>.Leading(conditions, _transforms[k].ConditionColumns), out var logDet);
            var density = _bases[k].LogDensity(noise, Transform<T>.Leading(conditions, _bases[k].ConditionColumns));
            tape.CopyInto(density + logDet + logWeights.Slice(k, 1), tape.Slice(terms, k, 1));
        }

        return terms.LogSumExp();
    }

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(random, nameof(random));
        var last = random.Slice(RandomNumbers - 1, 1);
        var chosen = ComponentChoice.Of(tape, RandomDistribution == RandomDistribution.Normal ? last.NormalCdf() : last, tape.Use(Parameters[0]), _bases.Length);
        var sample = Sample(0, random, conditions);
        for (var k = 1; k < _bases.Length; k++)
            sample = chosen.Slice(k, 1).Where(Sample(k, random, conditions), sample);
        return sample;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("bases", _bases);
        writer.Write("transforms", _transforms);
    }

    private static Parameter<T> NewLogits(string name, int components)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Parameter<T>($"{name}.logits", 1, components, isVector: true);
    }

    private static int FeaturesOf(IReadOnlyList<BaseDistribution<T>> bases, IReadOnlyList<Transform<T>> transforms)
    {
        ArgumentNullException.ThrowIfNull(bases);
        ArgumentNullException.ThrowIfNull(transforms);
        if (bases.Count == 0 || bases.Count != transforms.Count)
            throw new ArgumentException($"Expected a transform for each of at least one base distribution, got {transforms.Count} for {bases.Count}.", nameof(transforms));
        for (var k = 0; k < bases.Count; k++)
        {
            ArgumentNullException.ThrowIfNull(bases[k], nameof(bases));
            ArgumentNullException.ThrowIfNull(transforms[k], nameof(transforms));
            if (transforms[k].Features != transforms[0].Features)
                throw new ArgumentException($"Expected component {k} to have {transforms[0].Features} features as the first, got {transforms[k].Features}.", nameof(transforms));
            if (transforms[k].NoiseFeatures != bases[k].Features || !transforms[k].Codomain.Covers(bases[k].Domain))
                throw new ArgumentException($"Expected the transform of component {k} to reach all of its base's {bases[k].Domain}, got one that leads to {transforms[k].Codomain}.", nameof(transforms));
            if (bases[k].RandomDistribution != bases[0].RandomDistribution)
                throw new ArgumentException($"Expected components of {bases[0].RandomDistribution} random numbers as the first, got one of {bases[k].RandomDistribution} ones.", nameof(bases));
        }

        return transforms[0].Features;
    }

    // A component by itself: the numbers of one that is not chosen are thrown away.
    private Variable<T> Sample(int component, Variable<T> random, Variable<T> conditions)
    {
        var (part, transform) = (_bases[component], _transforms[component]);
        var noise = part.FromRandom(random.Slice(0, part.RandomNumbers), Transform<T>.Leading(conditions, part.ConditionColumns));
        return transform.Inverse(noise, Transform<T>.Leading(conditions, transform.ConditionColumns), out _);
    }
}
