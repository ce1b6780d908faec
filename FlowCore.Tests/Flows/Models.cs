using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Random;

namespace FlowCore.Tests.Flows;

/// <summary>Small models with lively weights, and rows for them.</summary>
internal static class Models
{
    public static Flow<T> Spline<T>(int features, int context, Device? device = null, int passes = 0, bool randomOrder = false, int bins = 5)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var flow = NeuralSplineFlow.Create<T>(
            new NeuralSplineFlowSettings
            {
                Features = features,
                ContextFeatures = context,
                Bins = bins,
                Transforms = 2,
                HiddenSizes = [13, 10],
                Passes = passes,
                RandomOrder = randomOrder,
                Seed = 5,
            },
            device);
        Enliven(flow);
        return flow;
    }

    public static Flow<T> Affine<T>(int features, int context, Device? device = null, int passes = 0, bool randomOrder = false, UnaryFunction? activation = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var flow = MaskedAffineFlow.Create<T>(
            new MaskedAffineFlowSettings
            {
                Features = features,
                ContextFeatures = context,
                Transforms = 2,
                HiddenSizes = [9, 14],
                Activation = activation ?? UnaryFunction.Tanh,
                Passes = passes,
                RandomOrder = randomOrder,
                Seed = 6,
            },
            device);
        Enliven(flow);
        return flow;
    }

    public static FactorizableFlow<T> Factorizable<T>(int features, int context, int layers, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var residual = new PolynomialResidual<T>(new PolynomialResidualSettings
        {
            Features = features,
            ContextFeatures = context,
            Nuisances = 3,
            Layers = layers,
            HiddenSizes = [8, 7],
            CentralValues = [0.25, -0.5, 0],
            Scales = [1, 2, 0.5],
            CrossTerms = [(0, 1), (1, 2)],
            QuadraticDamping = 0.2,
            CrossTermDamping = 0.3,
            Seed = 7,
        });
        var model = new FactorizableFlow<T>(Spline<T>(features, context, device), residual, ownsBase: true);
        // Scales are exponentials of polynomials of exponentials: two layers of larger weights leave the range of numbers.
        Enliven(model, 0.25);
        return model;
    }

    /// <summary>Uniform numbers in ±reach for every parameter: large enough that every term matters, the same in each precision.</summary>
    public static void Enliven<T>(DensityModel<T> model, double reach = 0.6)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stream = new RandomStream(99);
        for (var i = 0; i < model.Parameters.Parameters.Count; i++)
        {
            var parameter = model.Parameters.Parameters[i];
            var uniform = new double[parameter.Length];
            stream.Substream((ulong)i).FillUniform<double>(uniform);
            parameter.Write(Array.ConvertAll(uniform, u => T.CreateTruncating(2 * reach * (u - 0.5))));
        }
    }

    public static T[] Rows<T>(int count, int columns, ulong seed, double scale = 1.5)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var normal = new double[count * columns];
        new RandomStream(seed).FillNormal<double>(normal);
        return Array.ConvertAll(normal, value => T.CreateTruncating(scale * value));
    }
}
