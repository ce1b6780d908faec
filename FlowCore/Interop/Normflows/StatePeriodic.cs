using System.Numerics;
using FlowCore.IO;
using FlowCore.Networks;

namespace FlowCore.Interop;

/// <summary>What normflows puts in front of networks that read angles: <c>preprocessing</c>, w₁ sin(πx/B) + w₂ cos(πx/B).</summary>
internal static class StatePeriodic<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The network of a coupling with its angles in front, if it has any.</summary>
    public static Network<T> InFrontOf(TensorSource source, StateSplines splines, string net, string own, ResidualNetwork<T> network)
    {
        if (Read(source, splines, net, network.Inputs - network.ContextFeatures) is not { } angles)
            return network;

        int[] columns = [.. angles.Indices.Select(index => index + network.ContextFeatures)];
        var name = $"{own}.preprocessing";
        return Filled(StateSplines.Checked(net, () => new PeriodicNetwork<T>(network, columns, angles.Bounds, PeriodicInputs.WeightedSum, name)), angles.Weights);
    }

    /// <summary>A masked network with its angles in front, if it has any.</summary>
    public static MaskedNetwork<T> InFrontOf(TensorSource source, StateSplines splines, string net, string own, Made<T> network)
    {
        if (Read(source, splines, net, network.Order.Features) is not { } angles)
            return network;

        var name = $"{own}.preprocessing";
        return Filled(StateSplines.Checked(net, () => new PeriodicMaskedNetwork<T>(network, angles.Indices, angles.Bounds, PeriodicInputs.WeightedSum, name)), angles.Weights);
    }

    private static TPart Filled<TPart>(TPart network, T[] weights)
        where TPart : Parts.Part<T>
    {
        network.Parameters[0].Write(weights);
        return network;
    }

    private static Angles? Read(TensorSource source, StateSplines splines, string net, int inputs)
    {
        var name = $"{net}.preprocessing";
        if (!splines.HasCircles || !source.Any($"{name}."))
            return null;

        var indices = source.TakeIntegers($"{name}.ind", 0, inputs - 1, -1);
        var others = inputs == indices.Length ? [] : source.TakeIntegers($"{name}.ind_", 0, inputs - 1, inputs - indices.Length);
        if (others.Length == 0 && source.Contains($"{name}.ind_"))
            source.Take($"{name}.ind_", 0);

        var places = source.TakeIntegers($"{name}.inv_perm", 0, inputs - 1, inputs);
        int[] all = [.. indices, .. others];
        if (all.Distinct().Count() != inputs)
            throw new ModelFormatException($"The tensors '{name}.ind' and '{name}.ind_' do not hold each of the {inputs} inputs once.");

        for (var i = 0; i < inputs; i++)
        {
            if (places[all[i]] != i)
                throw new ModelFormatException($"The tensor '{name}.inv_perm' is not the inverse of '{name}.ind' and '{name}.ind_'.");
        }

        var weights = source.TakeNumbers<T>($"{name}.weights", indices.Length, 2);
        var scales = source.Contains($"{name}.scale") ? source.TakeNumbers<double>($"{name}.scale", indices.Length) : null;
        var bound = scales is null ? splines.Bound<T>() : 0;
        int[] order = [.. Enumerable.Range(0, indices.Length).OrderBy(k => indices[k])];
        return new Angles(
            [.. order.Select(k => indices[k])], [.. order.Select(k => scales is null ? bound : Math.PI / scales[k])],
            [.. order.SelectMany(k => new[] { weights[2 * k], weights[(2 * k) + 1] })]);
    }

    private sealed record Angles(int[] Indices, double[] Bounds, T[] Weights);
}
