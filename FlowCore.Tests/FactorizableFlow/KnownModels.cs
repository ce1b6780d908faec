using System.Numerics.Tensors;
using FactorizableFlow.Generator;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Tests.FactorizableFlow;

/// <summary>Models whose density is known in closed form, and small ones for the verbs.</summary>
internal static class KnownModels
{
    /// <summary>A generator whose x is the same normal in both classes: mean (0.5, -1), widths (0.9, 0.6).</summary>
    public static GeneratorSettings OneNormal { get; } = GeneratorSettings.Study with
    {
        CenterA = new(0.5, -1),
        CenterB = new(0.5, -1),
        SigmaA = new(0.9, 0.6),
        SigmaB = new(0.9, 0.6),
    };

    /// <summary>A normal flow of two features and two columns of context, which it ignores.</summary>
    public static Flow<float> Normal(Point2 mean, Point2 width, Device? device = null)
    {
        var identity = new MaskedAutoregressive<float>(
            new Affine<float>(1e-3), AutoregressiveOrder.Natural(2, 2), [4], UnaryFunction.Tanh, "identity", new RandomStream(1));
        var flow = new Flow<float>(
            new DiagonalNormal<float>([mean.First, mean.Second], [width.First, width.Second]), identity, device);
        foreach (var parameter in flow.Parameters.Parameters)
        {
            // Without weights, shift and log-scale are 0.
            parameter.Write(new float[parameter.Length]);
        }

        return flow;
    }

    /// <summary>Writes the four models of the study, small and untrained, where <see cref="Config"/> looks for them.</summary>
    public static void Save(string folder)
    {
        foreach ((var name, var context) in new[] { ("kin", 2), ("score", 4) })
        {
            using var flow = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings
            {
                Features = 2,
                ContextFeatures = context,
                Transforms = 1,
                HiddenSizes = [8],
                Seed = 3,
            });
            flow.Save(Path.Combine(folder, $"{name}.safetensors"));
            using var model = new FactorizableFlow<float>(flow, new PolynomialResidual<float>(new PolynomialResidualSettings
            {
                Features = 2,
                ContextFeatures = context,
                Nuisances = 2,
                HiddenSizes = [8],
                Seed = 4,
            }));
            ulong index = 0;
            foreach (var parameter in model.Parameters.Parameters)
            {
                // A fresh residual is the identity at every ν; this one is not.
                var numbers = new float[parameter.Length];
                new RandomStream(5).Substream(index++).FillUniform<float>(numbers);
                TensorPrimitives.Multiply(numbers, 0.1f, numbers);
                parameter.Write(numbers);
            }

            model.Save(Path.Combine(folder, $"{name}_residual.safetensors"), $$"""{"base":"{{name}}.safetensors"}""");
        }
    }

    /// <summary>One config of base flows and residuals.</summary>
    public const string Config = """
        paths:
          kin_model: kin.safetensors
          score_model: score.safetensors
          kin_residual_model: kin_residual.safetensors
          score_residual_model: score_residual.safetensors
        generator:
          center_A: [-0.5, 0]
          center_B: [0.5, 0]
          sigma_A: [0.9, 0.6]
          sigma_B: [0.6, 0.4]
          y_shift_scale: 0.3
          y_squeeze_scale: 0.2
          sigmoid_y: false
        validation: {events: 1000, points: [[0, 0], [1, -0.5]]}
        """;
}
