using System.Numerics;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Flows under the names of nflows, which glasflow and mbank have as well: <c>_transform</c>, <c>_distribution</c>, <c>_embedding_net</c>.</summary>
/// <remarks>Durkan, Bekasov, Murray and Papamakarios 2020, "nflows". Transforms are stored from data to noise.</remarks>
internal static class NflowsFlow
{
    /// <summary>What the names of a flow's transform begin with.</summary>
    public const string Transform = "_transform";

    /// <summary>What the names of the base distribution begin with.</summary>
    public const string Distribution = "_distribution";

    private const string Embedding = "_embedding_net";
    private const double UsualBound = 1;

    // Half the logarithm of 2 pi, as files of single precision round it.
    private const double ConstantTolerance = 1e-5;

    public static Flow<T> Read<T>(TensorSource source, StateSettings settings, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var splines = new StateSplines(settings, UsualBound, "glasflow has 5", HasCircles: false);
        var layers = new NflowsLayers<T>(source, settings, splines);
        var transform = layers.ReadTop(source.Any($"{Transform}.") ? Transform : "");
        var noise = ReadBase(source, settings, transform);
        if (source.Any($"{Embedding}."))
        {
            var network = StateNetworks.ReadEncoder<T>(source, settings, Embedding);
            if (noise.ConditionColumns > 0)
                throw new ModelFormatException($"Expected an embedding or a conditional base distribution, got the tensors '{Embedding}' and '{Distribution}' of both, which is not supported.");

            var inner = transform;
            transform = StateSplines.Checked(Embedding, () => new Embedded<T>(inner, network));
        }

        return StateSplines.Checked(Transform, () => new Flow<T>(noise, transform, device));
    }

    private static BaseDistribution<T> ReadBase<T>(TensorSource source, StateSettings settings, Transform<T> transform)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = transform.NoiseFeatures;
        const string Constant = $"{Distribution}._log_z";
        const string Location = $"{Distribution}.mean_";
        const string LogScale = $"{Distribution}.log_std_";
        if (source.Contains(Constant))
        {
            var expected = 0.5 * features * Math.Log(2 * Math.PI);
            var constant = source.TakeNumbers<double>(Constant)[0];
            if (Math.Abs(constant - expected) > ConstantTolerance * expected)
                throw new ModelFormatException($"The tensor '{Constant}' holds {constant}; expected {expected} for {features} features.");
        }

        if (source.Contains(Location) || source.Contains(LogScale))
        {
            var normal = new DiagonalNormal<T>(new double[features], [.. Enumerable.Repeat(1.0, features)], learnable: true);
            normal.Parameters[0].Write(source.TakeNumbers<T>(Location, 1, features));
            normal.Parameters[1].Write(source.TakeNumbers<T>(LogScale, 1, features));
            return normal;
        }

        const string Encoder = $"{Distribution}._context_encoder";
        if (source.Any($"{Encoder}."))
        {
            var network = StateNetworks.ReadEncoder<T>(source, settings, Encoder);
            return network.Outputs == 2 * features
                ? new ConditionalNormal<T>(network)
                : throw new ModelFormatException($"The network '{Encoder}' has {network.Outputs} outputs; expected {2 * features}, a location and a logarithm of a scale for each feature.");
        }

        // Of a box there are no tensors; where the layers lead to one it is that.
        if (settings.Base == StateBase.Box)
        {
            return transform.Codomain.Axes is { } axes && Array.TrueForAll(axes, axis => double.IsFinite(axis.Lower) && double.IsFinite(axis.Upper))
                ? new UniformBox<T>(Array.ConvertAll(axes, axis => axis.Lower), Array.ConvertAll(axes, axis => axis.Upper))
                : throw new ModelFormatException("Expected a base distribution whose bounds are known, got a box, of which nflows stores no tensors.");
        }

        if (settings.Base is null)
            settings.Assume(new StateAssumption("the base distribution, of which there are no tensors,", "standard normal", nameof(StateDictionaryOptions.Base)));

        return new StandardNormal<T>(features);
    }
}
