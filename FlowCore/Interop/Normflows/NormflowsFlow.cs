using System.Numerics;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Flows under the names of normflows: <c>flows</c>, from noise to data, and the base distribution <c>q0</c>.</summary>
/// <remarks>
/// Stimper et al. 2023, "normflows". The layers are taken in reverse order and inverted, but for those that call the inverse of what they hold: splines, triangles
/// with a permutation and affine maps of a matrix lead from data to noise by themselves.
/// </remarks>
internal static class NormflowsFlow
{
    /// <summary>What the names of the layers begin with.</summary>
    public const string Flows = "flows.";

    /// <summary>What the names of the base distribution begin with.</summary>
    public const string Base = "q0";

    private const double UsualBound = 3;

    public static Flow<T> Read<T>(TensorSource source, StateSettings settings, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Any($"{Base}.0.") || source.Any("merges."))
            throw new ModelFormatException($"Expected a flow of normflows of one level, got a multi-scale flow ('{Base}.0'), which is not supported.");

        // Angles on a base of the line have their splines go on beyond the circle, as the base needs it.
        var noise = source.Any($"{Base}.") ? ReadBase<T>(source, settings) : null;
        var onLine = noise is not (UniformBox<T> or UniformNormal<T>);
        var layers = new NormflowsLayers<T>(source, settings, new StateSplines(settings, UsualBound, null, HasCircles: true), onLine);
        Transform<T> transform;
        if (IsList(source))
        {
            var parts = StateLayers.Read(source, Flows, settings.Layers, NormflowsLayers<T>.IsChoice, (layer, choice, _) => layers.Read(layer, choice), noise?.Features ?? 0)
                ?? throw new ModelFormatException($"Expected tensors that tell the number of features in '{Flows.TrimEnd('.')}', got none that does.");
            parts.Reverse();
            transform = StateLayers.Compose(parts, Flows.TrimEnd('.'));
        }
        else
        {
            transform = layers.Read("", settings.Layers?.SingleOrDefault());
        }

        if (noise is null)
        {
            if (settings.Base is null)
                settings.Assume(new StateAssumption("the base distribution, of which there are no tensors,", "standard normal", nameof(StateDictionaryOptions.Base)));

            noise = new StandardNormal<T>(transform.Features);
        }

        if (noise.Features != transform.Features)
            throw new ModelFormatException($"The base distribution '{Base}' has {noise.Features} features; the layers have {transform.Features}.");

        var given = noise;
        return StateSplines.Checked(Flows.TrimEnd('.'), () => new Flow<T>(given, transform, device));
    }

    // A coupling block holds a list of the same name: its second element, and it alone, has tensors.
    private static bool IsList(TensorSource source) => source.Any(Flows) && !source.Any($"{Flows}1.param_map.");

    private static BaseDistribution<T> ReadBase<T>(TensorSource source, StateSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Location = $"{Base}.loc";
        const string LogScale = $"{Base}.log_scale";
        const string Encoder = $"{Base}.context_encoder";
        if (source.Contains($"{Base}.weight_scores"))
            return ReadMixture<T>(source, Location, LogScale);

        if (source.Contains(Location))
        {
            var features = checked((int)source.Take(Location, 1, -1).Shape[1]);
            var normal = new DiagonalNormal<T>(new double[features], [.. Enumerable.Repeat(1.0, features)], learnable: true);
            normal.Parameters[0].Write(source.TakeNumbers<T>(Location, 1, features));
            normal.Parameters[1].Write(source.TakeNumbers<T>(LogScale, 1, features));
            return normal;
        }

        if (source.Any($"{Encoder}."))
            return StateSplines.Checked(Encoder, () => new ConditionalNormal<T>(StateNetworks.ReadEncoder<T>(source, settings, Encoder)));

        if (source.Contains($"{Base}.ind"))
            return ReadUniformNormal<T>(source);

        if (source.Contains($"{Base}.low"))
        {
            var low = source.TakeNumbers<double>($"{Base}.low", -1);
            var high = source.TakeNumbers<double>($"{Base}.high", low.Length);
            return StateSplines.Checked(Base, () => new UniformBox<T>(low, high));
        }

        throw new ModelFormatException($"Expected a base distribution of normflows that is supported, got {StateNetworks.First(source, $"{Base}.")}.");
    }

    private static NormalMixture<T> ReadMixture<T>(TensorSource source, string location, string logScale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var shape = source.Take(location, 1, -1, -1).Shape;
        var (components, features) = (checked((int)shape[1]), checked((int)shape[2]));
        var mixture = StateSplines.Checked(Base, () => new NormalMixture<T>(features, components, isDiagonal: true, floor: 0));
        mixture.Parameters[0].Write(source.TakeNumbers<T>($"{Base}.weight_scores", 1, components));
        mixture.Parameters[1].Write(source.TakeNumbers<T>(location, 1, components, features));
        mixture.Parameters[2].Write(source.TakeNumbers<T>(logScale, 1, components, features));
        return mixture;
    }

    private static UniformNormal<T> ReadUniformNormal<T>(TensorSource source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scale = source.TakeNumbers<double>($"{Base}.scale", -1);
        var uniform = source.TakeIntegers($"{Base}.ind", 0, scale.Length - 1, -1);
        var others = source.TakeIntegers($"{Base}.ind_", 0, scale.Length - 1, scale.Length - uniform.Length);
        var places = source.TakeIntegers($"{Base}.inv_perm", 0, scale.Length - 1, scale.Length);
        int[] all = [.. uniform, .. others];
        if (all.Distinct().Count() != scale.Length || all.Where((feature, i) => places[feature] != i).Any())
            throw new ModelFormatException($"The tensors '{Base}.ind', '{Base}.ind_' and '{Base}.inv_perm' do not hold each of the {scale.Length} features once.");

        var isUniform = new bool[scale.Length];
        foreach (var feature in uniform)
            isUniform[feature] = true;

        return StateSplines.Checked(Base, () => new UniformNormal<T>(isUniform, scale));
    }
}
