using System.Numerics;
using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Continuous flows (CNF) under the names and in the shapes of zuko: <c>transform.times</c>, <c>transform.freqs</c> and the network <c>transform.ode</c>.</summary>
/// <remarks>
/// Zuko runs from data at t = 0 to noise at t = 1, and its network takes [cos πkt | sin πkt | x | c], here [x | sin πkt | cos πkt | c]. It chooses steps for the whole batch; here they are fixed, as
/// many as leave less than its tolerances for usual weights, and may be changed (<see cref="ContinuousTransform{T}.Steps"/>).
/// </remarks>
internal static class ZukoContinuous
{
    private const string Times = "transform.times";
    private const string Frequencies = "transform.freqs";
    private const string Network = "transform.ode";

    // Of the Fourier features: sin πkt has the period 2.
    private const double Period = 2;
    private const int Steps = 64;

    /// <summary>Whether the tensors are those of such a flow.</summary>
    public static bool IsContinuous(TensorSource source, string prefix) => source.Contains($"{prefix}{Network}.0.weight");

    /// <summary>Reads a flow.</summary>
    public static Flow<T> Read<T>(TensorSource source, string prefix, ZukoBase noise, StateSettings settings, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var times = source.TakeNumbers<double>(prefix + Times, 2);
        if (times is not [0, 1])
            throw new ModelFormatException($"The tensor '{prefix}{Times}' holds {times[0]:g6} and {times[1]:g6}; expected 0 and 1.");
        var count = source.Take(prefix + Frequencies, -1).Count;
        var frequencies = source.TakeNumbers<double>(prefix + Frequencies, count);
        for (var k = 0; k < count; k++)
        {
            if (Math.Abs(frequencies[k] - (Math.PI * (k + 1))) > 1e-5 * (k + 1))
                throw new ModelFormatException($"The tensor '{prefix}{Frequencies}' holds {frequencies[k]:g9} at {k}; expected multiples of pi in their order.");
        }

        var (inputs, hiddenSizes, features) = source.NetworkShape($"{prefix}{Network}");
        if (source.Indices($"{prefix}{Network}.").Max > 2 * hiddenSizes.Length)
            throw new ModelFormatException($"The tensor '{prefix}{Network}.{2 * (hiddenSizes.Length + 1)}.weight' is missing.");
        var context = inputs - features - (2 * count);
        if (context < 0)
            throw new ModelFormatException($"The tensor '{prefix}{Network}.0.weight' has {inputs} inputs; expected at least {features + (2 * count)}, for {features} features and {count} frequencies.");
        var network = new Mlp<T>([inputs, .. hiddenSizes, features], settings.ContinuousActivation(), "velocity");
        for (var l = 0; l < network.Parameters.Count; l += 2)
        {
            var weight = source.TakeNumbers<T>($"{prefix}{Network}.{l}.weight", network.Sizes[(l / 2) + 1], network.Sizes[l / 2]);
            network.Parameters[l].Write(l == 0 ? Reordered(weight, Order(features, count, context)) : weight);
            network.Parameters[l + 1].Write(source.TakeNumbers<T>($"{prefix}{Network}.{l}.bias", network.Sizes[(l / 2) + 1]));
        }

        return StateSplines.Checked($"{prefix}{Network}", () =>
        {
            var field = new VelocityNetwork<T>(features, context, new VelocityInputs { Frequencies = count, Period = Period, WithTime = false }, network);
            return new Flow<T>(noise.Create<T>(source, features), new ContinuousTransform<T>(field, new ContinuousSettings { Steps = Steps, DataFirst = true }), device);
        });
    }

    /// <summary>Adds the tensors of a flow, if it is one that zuko knows.</summary>
    public static bool TryWrite<T>(List<TensorData> tensors, Flow<T> flow, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (ZukoFlow.Parts(flow) is not
            [ContinuousTransform<T> { Settings: { DataFirst: true, Space: FlowSpace.Euclidean }, Field: VelocityNetwork<T> { Inputs: { Period: Period, WithTime: false, AreAngles: false } } field }])
        {
            return false;
        }

        var count = field.Inputs.Frequencies;
        tensors.Add(TensorData.Create<T>(prefix + Times, [2], [T.Zero, T.One]));
        tensors.Add(TensorData.Create<T>(prefix + Frequencies, [count], [.. Enumerable.Range(1, count).Select(k => T.CreateTruncating(Math.PI * k))]));
        for (var l = 0; l < field.Network.Parameters.Count; l++)
        {
            var parameter = field.Network.Parameters[l];
            var name = $"{prefix}{Network}{parameter.Name[field.Network.Name.Length..]}";
            var tensor = StateTensors.Of(parameter).Rename(name);
            tensors.Add(l > 0 ? tensor : TensorData.Create<T>(
                name, [parameter.Rows, parameter.Columns], Reordered(tensor.ToArray<T>(), Inverted(Order(field.Features, count, field.ConditionColumns)))));
        }

        ZukoBase.Write(tensors, flow.Base, prefix);
        return true;
    }

    // For each input here its place in the file.
    private static int[] Order(int features, int count, int context) =>
    [
        .. Enumerable.Range(2 * count, features), .. Enumerable.Range(count, count), .. Enumerable.Range(0, count), .. Enumerable.Range((2 * count) + features, context),
    ];

    private static int[] Inverted(int[] order)
    {
        var inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            inverse[order[i]] = i;
        return inverse;
    }

    private static T[] Reordered<T>(T[] rows, int[] order)
    {
        var result = new T[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            result[i] = rows[(i / order.Length * order.Length) + order[i % order.Length]];
        return result;
    }
}
