using System.Numerics;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Mixtures of normals (GMM) under the names of zuko: <c>phi.0</c> to <c>phi.3</c>, or one network <c>hyper</c> for all of them.</summary>
/// <remarks>Covariances that several components share, or of one scale for all features, become those of each component and feature, which have the same density.</remarks>
internal static class ZukoMixture
{
    private const string Logits = "phi.0";
    private const string Network = "hyper";
    private const double Floor = 1e-6;

    /// <summary>What stands before a name that a mixture has: that of the logits, or of the network's first layer; null for other names.</summary>
    public static string? PrefixOf(string name)
    {
        foreach (var mark in (string[])[Logits, $"{Network}.0.weight"])
        {
            // The transforms of a flow have numbers and such tensors too.
            if (name == mark || (name.EndsWith($".{mark}", StringComparison.Ordinal) && !char.IsAsciiDigit(name[^(mark.Length + 2)])))
                return name[..^mark.Length];
        }

        return null;
    }

    /// <summary>Whether the tensors of a model are those of a mixture.</summary>
    public static bool IsMixture(TensorArchive archive) =>
        (archive.Contains(Logits) && archive.Contains("phi.1") && archive.Contains("phi.2"))
        || (archive.Contains($"{Network}.0.weight") && archive.All(tensor => tensor.Name.StartsWith($"{Network}.", StringComparison.Ordinal)));

    public static Flow<T> Read<T>(TensorSource source, StateSettings settings, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var mixture = source.Contains(Logits) ? ReadFree<T>(source) : ReadConditional<T>(source, settings);
        return new Flow<T>(mixture, new Composition<T>(mixture.Features), device);
    }

    /// <summary>Adds the tensors of a mixture, of free parameters or of one network for all.</summary>
    public static void Write<T>(List<TensorData> tensors, NormalMixture<T> mixture)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (mixture.Floor != Floor || mixture.Conditioner is not (null or Mlp<T> { Normalizes: false }))
            throw new NotSupportedException($"A state dictionary for other libraries holds a mixture with free parameters or those of a perceptron, and the floor {Floor}; the flow has another one.");

        if (mixture.Conditioner is Mlp<T> network)
        {
            foreach (var parameter in network.Parameters)
                tensors.Add(StateTensors.Of(parameter).Rename($"{Network}{parameter.Name[network.Name.Length..]}"));
            return;
        }

        for (var i = 0; i < mixture.Parameters.Count; i++)
            tensors.Add(StateTensors.Of(mixture.Parameters[i]).Rename($"phi.{i}"));

        // The triangle of a single feature has no numbers.
        if (!mixture.IsDiagonal && mixture.Parameters.Count == 3)
            tensors.Add(TensorData.Create<T>("phi.3", [mixture.Components, 0], []));
    }

    /// <summary>The form of the covariances of a mixture.</summary>
    public static StateCovariance CovarianceOf<T>(NormalMixture<T> mixture)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        mixture.IsSpherical ? StateCovariance.Spherical : mixture.IsDiagonal ? StateCovariance.Diagonal : StateCovariance.Full;

    private static NormalMixture<T> ReadFree<T>(TensorSource source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var components = source.Take(Logits, -1).Count;
        var features = checked((int)source.Take("phi.1", components, -1).Shape[1]);
        var isDiagonal = !source.Contains("phi.3");
        if (!isDiagonal)
            source.Take("phi.3", -1, (long)features * (features - 1) / 2);

        var mixture = StateSplines.Checked(Logits, () => new NormalMixture<T>(features, components, isDiagonal, floor: Floor));
        mixture.Parameters[0].Write(source.TakeNumbers<T>(Logits, components));
        mixture.Parameters[1].Write(source.TakeNumbers<T>("phi.1", components, features));
        var leading = (int)source.Take("phi.2", -1, -1).Shape[0];
        var width = (int)source.Take("phi.2", -1, -1).Shape[1];
        if ((leading != 1 && leading != components) || (width != features && (width != 1 || !isDiagonal)))
            throw new ModelFormatException($"The tensor 'phi.2' has the shape [{leading}, {width}]; expected [{components} or 1, {features}{(isDiagonal ? " or 1" : "")}].");

        var diagonal = source.TakeNumbers<T>("phi.2", leading, width);
        mixture.Parameters[2].Write([.. Enumerable.Range(0, components * features).Select(i => diagonal[(i / features % leading * width) + (i % features % width)])]);
        if (isDiagonal)
            return mixture;

        var entries = features * (features - 1) / 2;
        if (entries == 0)
        {
            source.Take("phi.3", leading, 0);
            return mixture;
        }

        var lower = source.TakeNumbers<T>("phi.3", leading, entries);
        mixture.Parameters[3].Write([.. Enumerable.Range(0, components * entries).Select(i => lower[i % lower.Length])]);
        return mixture;
    }

    // A network gives all parameters in a row, so their number and the form of the covariances have to be told.
    private static NormalMixture<T> ReadConditional<T>(TensorSource source, StateSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var network = StateNetworks.ReadMlp<T>(source, settings, Network, Network)!;
        if (settings.Components() is not { } components)
        {
            throw new ModelFormatException(
                $"Expected a mixture of which is known how many components it has, got a network '{Network}' of {network.Outputs} outputs for all of its parameters; "
                + $"--components ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Components)}) says it.");
        }

        var covariance = settings.Covariance();
        for (var features = 1; components > 0 && components * (1L + features) <= network.Outputs; features++)
        {
            var own = NormalMixture<T>.NumbersOf(features, components, covariance != StateCovariance.Full);
            var outputs = covariance == StateCovariance.Spherical ? own - (components * (features - 1)) : own;
            if (outputs != network.Outputs)
                continue;

            var found = features;
            return StateSplines.Checked(Network, () => new NormalMixture<T>(found, components, network, covariance != StateCovariance.Full, covariance == StateCovariance.Spherical, Floor));
        }

        throw new ModelFormatException($"The network '{Network}' has {network.Outputs} outputs, which are not those of {components} components with {covariance} covariances, each with its own.");
    }
}
