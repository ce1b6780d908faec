using System.Numerics;
using FlowCore.Factorizable;
using FlowCore.IO;

namespace FlowCore.Interop;

/// <summary>Polynomial residuals under the names and in the shapes of the factorizable-flow reference.</summary>
internal static class ReferenceResidual
{
    /// <summary>What stands before the names of the base flow.</summary>
    public const string BasePrefix = "base_model.";

    private const string CentralName = "central_nuisance_values";
    private const string ScalesName = "nuisance_scales";
    private const string PairsName = "cross_term_pairs";

    /// <summary>Whether a tensor is of a residual model.</summary>
    public static bool IsPart(string name) =>
        name.StartsWith(BasePrefix, StringComparison.Ordinal) || name is CentralName or ScalesName
        || (name.StartsWith("transforms.", StringComparison.Ordinal)
            && (name.Contains(".nuisance_nets.", StringComparison.Ordinal) || name.Contains(".cross_nets.", StringComparison.Ordinal) || name.EndsWith($".{CentralName}", StringComparison.Ordinal)));

    /// <summary>The names of which every residual has one, under a prefix.</summary>
    public static string[] Names(string prefix) => [prefix + CentralName, $"{prefix}transforms.0.{CentralName}"];

    public static PolynomialResidual<T> Read<T>(TensorSource source, int features, StateSettings options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layers = source.CountModules("transforms.", $".{CentralName}", step: 2);
        var top = source.Contains(CentralName);
        if (!top && layers == 0)
            throw new ModelFormatException($"The tensor '{CentralName}' is missing.");
        var first = top ? CentralName : $"transforms.0.{CentralName}";
        var nuisances = source.Take(first, -1).Count;
        var central = source.TakeNumbers<double>(first, nuisances);
        var scales = source.TakeNumbers<double>(top ? ScalesName : $"transforms.0.{ScalesName}", nuisances);
        int[] hiddenSizes = [];
        int[] pairs = [];
        var context = 0;
        for (var l = 0; l < layers; l++)
        {
            var name = PolynomialResidual<T>.LayerName(l);
            CheckSame(source, $"{name}.{CentralName}", central);
            CheckSame(source, $"{name}.{ScalesName}", scales);
            var (inputs, sizes, outputs) = source.NetworkShape($"{name}.nuisance_nets.0");
            if (inputs < features || outputs != 4 * features)
                throw new ModelFormatException($"The network '{name}.nuisance_nets.0' has {inputs} inputs and {outputs} outputs; expected at least {features} and {4 * features}.");
            var ownPairs = ReadPairs(source, $"{name}.{PairsName}", nuisances);
            if (l == 0)
            {
                hiddenSizes = sizes;
                context = inputs - features;
                pairs = ownPairs;
            }
            else if (!pairs.AsSpan().SequenceEqual(ownPairs))
            {
                throw new ModelFormatException($"The tensor '{name}.{PairsName}' differs from that of the first layer.");
            }
        }

        var crossTerms = new (int, int)[pairs.Length / 2];
        for (var p = 0; p < crossTerms.Length; p++)
            crossTerms[p] = (pairs[2 * p], pairs[(2 * p) + 1]);
        var residual = Create<T>(new PolynomialResidualSettings
        {
            Features = features,
            ContextFeatures = context,
            Nuisances = nuisances,
            Layers = layers,
            HiddenSizes = hiddenSizes,
            Activation = options.ResidualActivation(),
            CentralValues = central,
            Scales = scales,
            CrossTerms = crossTerms,
            QuadraticDamping = options.QuadraticDamping(),
            CrossTermDamping = options.CrossTermDamping(),
            LogDetSign = options.LogDetSign(),
        });
        for (var l = 0; l < layers; l++)
        {
            foreach (var network in residual.Layers[l].Networks)
                source.Fill(network, network.Name);
            if (l > 0)
                CheckReversal(source, features, (2 * l) - 1);
        }

        if (residual.EndsWithReversal)
            CheckReversal(source, features, (2 * layers) - 1);
        return residual;
    }

    /// <summary>Adds the constants that the whole model has beside those of each layer.</summary>
    public static void WriteHead<T>(List<TensorData> tensors, PolynomialResidual<T> residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        tensors.Add(StateTensors.Numbers<T>(CentralName, residual.Constants.Central));
        tensors.Add(StateTensors.Numbers<T>(ScalesName, residual.Constants.Scales));
    }

    /// <summary>Adds the layers.</summary>
    public static void Write<T>(List<TensorData> tensors, PolynomialResidual<T> residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var constants = residual.Constants;
        var pairs = new long[2 * constants.CrossTerms.Count];
        for (var p = 0; p < constants.CrossTerms.Count; p++)
            (pairs[2 * p], pairs[(2 * p) + 1]) = constants.CrossTerms[p];
        for (var l = 0; l < residual.Layers.Length; l++)
        {
            if (l > 0)
                WriteReversal(tensors, residual.Features, (2 * l) - 1);
            var name = PolynomialResidual<T>.LayerName(l);
            tensors.Add(StateTensors.Numbers<T>($"{name}.{CentralName}", constants.Central));
            tensors.Add(StateTensors.Numbers<T>($"{name}.{ScalesName}", constants.Scales));
            tensors.Add(TensorData.Create<long>($"{name}.{PairsName}", [constants.CrossTerms.Count, 2], pairs));
            foreach (var network in residual.Layers[l].Networks)
                StateTensors.AddNetwork(tensors, network, network.Name);
        }

        if (residual.EndsWithReversal)
            WriteReversal(tensors, residual.Features, (2 * residual.Layers.Length) - 1);
    }

    private static PolynomialResidual<T> Create<T>(PolynomialResidualSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return new PolynomialResidual<T>(settings, fresh: false);
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException($"The residual's constants are out of range. {ContentBoundary.Sentence(exception)}", exception);
        }
    }

    private static int[] ReadPairs(TensorSource source, string name, int nuisances)
    {
        var tensor = source.Take(name);
        if (tensor.Shape.Length != 2 || tensor.Shape[1] != 2)
            throw new ModelFormatException($"The tensor '{name}' has the shape [{string.Join(", ", tensor.Shape)}]; expected [n, 2].");
        return source.TakeIntegers(name, 0, nuisances - 1, tensor.Shape[0], 2);
    }

    private static void CheckSame(TensorSource source, string name, double[] expected)
    {
        if (!source.TakeNumbers<double>(name, expected.Length).AsSpan().SequenceEqual(expected))
            throw new ModelFormatException($"The tensor '{name}' differs from that of the whole model.");
    }

    private static void CheckReversal(TensorSource source, int features, int module)
    {
        foreach (var name in (string[])[$"transforms.{module}.indices", $"transforms.{module}.inv_indices"])
        {
            var indices = source.TakeIntegers(name, 0, features - 1, features);
            for (var i = 0; i < features; i++)
            {
                if (indices[i] != features - 1 - i)
                    throw new ModelFormatException($"The tensor '{name}' is not a reversal: it holds {indices[i]} at {i}.");
            }
        }
    }

    private static void WriteReversal(List<TensorData> tensors, int features, int module)
    {
        var indices = new long[features];
        for (var i = 0; i < features; i++)
            indices[i] = features - 1 - i;
        tensors.Add(TensorData.Create<long>($"transforms.{module}.indices", [features], indices));
        tensors.Add(TensorData.Create<long>($"transforms.{module}.inv_indices", [features], indices));
    }
}
