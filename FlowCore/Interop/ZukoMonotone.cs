using System.Globalization;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>The flows of zuko whose maps are solved for their inverse: GF, SOSPF, NAF and UNAF.</summary>
/// <remarks>
/// A rotation is told by its tensor <c>A</c>, the networks of NAF and UNAF by their names, a SOSPF by the gaps that the softclips leave in the numbers of its
/// transforms. Parameters come under the names that the library's own flows have.
/// </remarks>
internal static class ZukoMonotone
{
    private const string Network = "univariate.network";
    private const string Integrand = "univariate.integrand";

    /// <summary>Whether the tensors are of one of these flows.</summary>
    public static bool IsKind(TensorArchive archive, string prefix)
    {
        var modules = StateKinds.Modules(archive, prefix + StateNames.Transforms);
        return modules.Count > 0 && (IsGaussianization(archive, prefix, modules) || modules.Values.Any(HasOwnNetworks) || IsSpaced(modules));
    }

    /// <summary>Reads the flow.</summary>
    public static Flow<T> Read<T>(TensorArchive archive, TensorSource source, string prefix, StateSettings settings, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var modules = StateKinds.Modules(archive, prefix + StateNames.Transforms);
        var noise = ZukoBase.Read(source, prefix, settings);
        var isGaussianization = IsGaussianization(archive, prefix, modules);
        var parts = new List<Transform<T>>();
        var last = modules.Keys.Max();
        for (var i = 0; i <= last; i++)
        {
            var name = StackedFlow.TransformName(i);
            var module = new ZukoModule(prefix + name, name, i, settings);
            var part = Refused(module.Name, () => isGaussianization
                ? i % 2 == 1 ? ReadRotation<T>(source, module) : ReadGaussianization<T>(archive, source, prefix, module)
                : i % 2 == 1
                    ? new Elementwise<T>(new Softclip<T>(settings.SoftclipBound(), isOnto: true), parts[0].Features)
                    : ZukoFlow.ReadAutoregressive(source, module, (features, outputs, weight) => MapOf<T>(source, module, features, outputs, weight)));
            if (parts.Count > 0 && (part.Features != parts[0].Features || (i % 2 == 0 && part.ConditionColumns != parts[0].ConditionColumns)))
            {
                throw new ModelFormatException(
                    $"The transform '{module.Name}' has {part.Features} features and {part.ConditionColumns} context columns; the transforms before it have {parts[0].Features} and {parts[0].ConditionColumns}.");
            }

            parts.Add(part);
        }

        return new Flow<T>(noise.Create<T>(source, parts[0].Features), new Composition<T>(parts[0].Features, parts), device);
    }

    private static bool HasOwnNetworks(HashSet<string> names) =>
        names.Any(name => name.StartsWith(Network, StringComparison.Ordinal) || name.StartsWith(Integrand, StringComparison.Ordinal));

    // Masked transforms at 0, 2, 4, ... and nothing between.
    private static bool IsSpaced(SortedDictionary<int, HashSet<string>> modules) =>
        modules.Count > 1 && modules.All(module => module.Key % 2 == 0 && module.Value.Contains("order")) && modules.Keys.Max() == 2 * (modules.Count - 1);

    // Rotations between; a single map has two matrices of parameters, where an affine map of one feature has two vectors.
    private static bool IsGaussianization(TensorArchive archive, string prefix, SortedDictionary<int, HashSet<string>> modules) =>
        modules.Values.Any(names => names.Contains("A"))
        || (modules.Count == 1 && modules.ContainsKey(0) && modules[0].SetEquals(["phi.0", "phi.1"])
            && archive.TryGet($"{prefix}{StackedFlow.TransformName(0)}.phi.1", out var second) && second.Shape.Length == 2);

    private static RotationLinear<T> ReadRotation<T>(TensorSource source, ZukoModule module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = checked((int)source.Take($"{module.Name}.A", -1, -1).Shape[0]);
        var rotation = new RotationLinear<T>(features, module.OwnName);
        rotation.Parameters[0].Write(source.TakeNumbers<T>($"{module.Name}.A", features, features));
        return rotation;
    }

    private static Transform<T> ReadGaussianization<T>(TensorArchive archive, TensorSource source, string prefix, ZukoModule module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = module.Name;
        if (!source.Contains($"{name}.hyper.0.weight"))
        {
            var shape = source.Take($"{name}.phi.0", -1, -1).Shape;
            var (features, components) = (checked((int)shape[0]), checked((int)shape[1]));
            var (shifts, logScales) = (source.TakeNumbers<T>($"{name}.phi.0", features, components), source.TakeNumbers<T>($"{name}.phi.1", features, components));
            var raw = new T[2 * shifts.Length];
            for (var at = 0; at < shifts.Length; at++)
            {
                var to = (at / components * 2 * components) + (at % components);
                (raw[to], raw[to + components]) = (shifts[at], logScales[at]);
            }

            var part = new Elementwise<T>(new Gaussianization<T>(components, module.Settings.Squeeze()), features, module.OwnName, isStarted: true);
            part.Parameters[0].Write(raw);
            return part;
        }

        // A network of the context does not say how many features there are; the base does.
        var (inputs, hiddenSizes, outputs) = source.NetworkShape($"{name}.hyper");
        var count = archive.TryGet($"{prefix}base.loc", out var location) || archive.TryGet($"{prefix}base._0", out location) ? checked((int)location.Count) : 1;
        if (outputs % (2 * count) != 0)
        {
            throw new ModelFormatException(
                $"The tensor '{name}.hyper.{2 * hiddenSizes.Length}.weight' has {outputs} outputs for {count} features; expected shifts and log-scales, an even number for each.");
        }

        var conditional = new Conditional<T>(
            new Gaussianization<T>(outputs / (2 * count), module.Settings.Squeeze()), count, inputs, hiddenSizes, module.Activation, module.OwnName);
        FillLayers(source, conditional.Conditioner.Parameters, $"{name}.hyper", stacked: 0);
        return conditional;
    }

    private static Univariate<T> MapOf<T>(TensorSource source, ZukoModule module, int features, int outputs, string weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var perFeature = outputs / features;
        if (outputs % features != 0)
            throw new ModelFormatException($"The tensor '{weight}' has {outputs} outputs for {features} features; expected the same number for each.");
        var own = $"{module.OwnName}.univariate";
        if (source.Contains($"{module.Name}.{Network}.0.weight"))
        {
            var map = new MonotoneNetwork<T>(features, own, perFeature, HiddenSizes(source, $"{module.Name}.{Network}", features));
            FillLayers(source, map.Parameters, $"{module.Name}.{Network}", features);
            return map;
        }

        if (source.Contains($"{module.Name}.{Integrand}.0.weight"))
        {
            var map = new IntegratedNetwork<T>(features, own, perFeature - 1, HiddenSizes(source, $"{module.Name}.{Integrand}", features));
            FillLayers(source, map.Parameters, $"{module.Name}.{Integrand}", features);
            return map;
        }

        var degree = module.Settings.Degree();
        if (degree < 0 || perFeature < 2 || (perFeature - 1) % (degree + 1) != 0)
        {
            throw new ModelFormatException(
                $"The tensor '{weight}' has {perFeature} outputs a feature; expected K(L + 1) + 1 for K polynomials of degree L = {degree.ToString(CultureInfo.InvariantCulture)} "
                + $"({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Degree)} gives another).");
        }

        return new SumOfSquares<T>((perFeature - 1) / (degree + 1), degree);
    }

    // Weights are [D, out, in].
    private static int[] HiddenSizes(TensorSource source, string name, int features)
    {
        var layers = source.CountModules($"{name}.", ".weight", step: 2);
        var sizes = new int[layers - 1];
        for (var l = 0; l < sizes.Length; l++)
            sizes[l] = checked((int)source.Take($"{name}.{2 * l}.weight", features, -1, -1).Shape[1]);
        return sizes;
    }

    // The layers of a network, or those of all features, stacked.
    private static void FillLayers<T>(TensorSource source, IReadOnlyList<Parameter<T>> parameters, string name, int stacked)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var p = 0; p < parameters.Count; p += 2)
        {
            var (weight, bias) = (parameters[p], parameters[p + 1]);
            var outputs = stacked == 0 ? weight.Rows : weight.Rows / stacked;
            weight.Write(stacked == 0
                ? source.TakeNumbers<T>($"{name}.{p}.weight", outputs, weight.Columns)
                : source.TakeNumbers<T>($"{name}.{p}.weight", stacked, outputs, weight.Columns));
            bias.Write(stacked == 0 ? source.TakeNumbers<T>($"{name}.{p}.bias", outputs) : source.TakeNumbers<T>($"{name}.{p}.bias", stacked, outputs));
        }
    }

    // What tensors and options say together may be no transform.
    private static Transform<T> Refused<T>(string name, Func<Transform<T>> read)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return read();
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException($"The constants of '{name}' are out of range. {exception.Message}", exception);
        }
    }
}
