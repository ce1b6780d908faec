using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Factorizable;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Templates;

/// <summary>Changes of a trained residual's numbers that leave it the function that was trained.</summary>
internal static class ResidualFolding
{
    /// <summary>Makes a residual that reads (c − location)/scale one that reads c: W (c − l)/s + b = (W/s) c + (b − (W/s) l) in the first layers.</summary>
    public static void FoldContext<T>(PolynomialResidual<T> residual, LocationScale numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var network in residual.Layers.SelectMany(layer => layer.Networks))
        {
            var (weight, bias) = Read(network, 0, out var weights, out var biases);
            var columns = weight.Columns;
            for (var unit = 0; unit < weight.Rows; unit++)
            {
                var shift = 0.0;
                for (var c = 0; c < residual.ContextFeatures; c++)
                {
                    // In canonical order the context stands behind the features.
                    ref var number = ref weights[(unit * columns) + residual.Features + c];
                    var folded = double.CreateTruncating(number) / numbers.Scale[c];
                    number = T.CreateTruncating(folded);
                    shift += folded * numbers.Location[c];
                }

                biases[unit] -= T.CreateTruncating(shift);
            }

            weight.Write(weights);
            bias.Write(biases);
        }
    }

    /// <summary>Takes the quadratic term of a nuisance into the linear one, which is the same at ν' = value and at 0, the only points where anything was learned.</summary>
    /// <param name="residual">The residual.</param>
    /// <param name="nuisance">k.</param>
    /// <param name="value">ν'_k of the templates in which it moves: A ν' + B q ν'² = (A + B q ν') ν'.</param>
    public static void FoldQuadratic<T>(PolynomialResidual<T> residual, int nuisance, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var factor = T.CreateTruncating(residual.Settings.QuadraticDamping * value);
        foreach (var layer in residual.Layers)
        {
            var network = (MaskedMlp<T>)layer.Networks[nuisance];
            var (weight, bias) = Read(network, network.Layers.Length - 1, out var weights, out var biases);

            // The outputs of a feature are A_s, B_s, A_t, B_t.
            for (var output = 0; output < weight.Rows; output += 2)
            {
                Fold(weights.AsSpan(output * weight.Columns, weight.Columns), weights.AsSpan((output + 1) * weight.Columns, weight.Columns));
                Fold(biases.AsSpan(output, 1), biases.AsSpan(output + 1, 1));
            }

            weight.Write(weights);
            bias.Write(biases);
        }

        void Fold(Span<T> linear, Span<T> quadratic)
        {
            for (var i = 0; i < linear.Length; i++)
                linear[i] += factor * quadratic[i];
            quadratic.Clear();
        }
    }

    private static (Parameter<T> Weight, Parameter<T> Bias) Read<T>(MaskedMlp<T> network, int layer, out T[] weights, out T[] biases)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (weight, bias) = (network.Layers[layer].Weight, network.Layers[layer].Bias);
        (weights, biases) = (new T[weight.Length], new T[bias.Length]);
        weight.Read(weights);
        bias.Read(biases);
        return (weight, bias);
    }
}
