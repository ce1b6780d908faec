using System.Numerics.Tensors;
using FlowCore.Compute;
using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Tests.Continuous;

/// <summary>Flows whose paths are known, and small random ones.</summary>
internal static class Fields
{
    /// <summary>v = A x + b, a network without a hidden layer.</summary>
    public static ContinuousFlow<double> Linear(double[] a, double[] b, ContinuousSettings settings)
    {
        var features = b.Length;
        var isTorus = settings.Space == FlowSpace.Torus;
        var field = new VelocityNetwork<double>(
            features, 0, [], UnaryFunction.Silu, "velocity", new VelocityInputs { Frequencies = 0, WithTime = false, AreAngles = isTorus });
        field.Network.Parameters[0].Write(a);
        field.Network.Parameters[1].Write(b);
        BaseDistribution<double> noise = settings.Space switch
        {
            FlowSpace.Sphere => new UniformSphere<double>(features),
            FlowSpace.Torus => new UniformBox<double>([.. Enumerable.Repeat(-Math.PI, features)], [.. Enumerable.Repeat(Math.PI, features)]),
            _ => new StandardNormal<double>(features),
        };
        return new ContinuousFlow<double>(noise, new ContinuousTransform<double>(field, settings));
    }

    /// <summary>A flow of a small network with random weights, the last layer's too.</summary>
    public static ContinuousFlow<T> Random<T>(int features, int context, ContinuousSettings settings, ulong seed = 3, int width = 8, Device? device = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var flow = new ContinuousFlow<T>(
            new ContinuousFlowSettings { Features = features, ContextFeatures = context, HiddenSizes = [width, width], Solve = settings, TimeFrequencies = 2, Seed = seed }, device);
        Shake(flow, seed);
        return flow;
    }

    /// <summary>Moves all weights.</summary>
    public static void Shake<T>(ContinuousFlow<T> flow, ulong seed, double reach = 0.4)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var stream = new RandomStream(seed + 77);
        foreach (var parameter in flow.Parameters.Parameters)
        {
            var (values, moves) = (new T[parameter.Length], new double[parameter.Length]);
            parameter.Read(values);
            stream = stream.Substream(1);
            stream.FillUniform<double>(moves);
            for (var i = 0; i < values.Length; i++)
                values[i] += T.CreateTruncating(reach * ((2 * moves[i]) - 1));
            parameter.Write(values);
        }
    }

    /// <summary>Numbers as rows of a tensor.</summary>
    public static Tensor<T> Rows<T>(T[] values, int columns) => Tensor.Create(values, [values.Length / columns, columns]);

    /// <summary>Normal rows.</summary>
    public static double[] Normal(int count, ulong seed)
    {
        var values = new double[count];
        new RandomStream(seed).FillNormal<double>(values);
        return values;
    }
}
