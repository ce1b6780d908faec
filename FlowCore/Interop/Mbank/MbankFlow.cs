using System.Numerics;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>
/// Flows of mbank: a box, then pairs of a dense linear map and a masked affine transform, under the names of nflows, with a constant beside them where one was trained.
/// </summary>
internal static class MbankFlow
{
    /// <summary>The name of the constant C of ln p + C.</summary>
    public const string ConstantName = "constant";

    private const string Network = "autoregressive_net";

    /// <summary>Takes the constant; null where there is none.</summary>
    public static double? TakeConstant(TensorSource source) => source.Contains(ConstantName) ? source.TakeNumbers<double>(ConstantName, 1)[0] : null;

    /// <summary>The tensors of a flow, in the order that mbank relies on: the last name tells the number of layers.</summary>
    /// <exception cref="NotSupportedException">The flow is not of this form.</exception>
    public static TensorArchive Write<T>(Flow<T> flow, double? constant)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensors = new List<TensorData>();
        if (constant is { } number)
            tensors.Add(TensorData.Create<float>(ConstantName, [1], [(float)number]));

        if (flow.Base is not StandardNormal<T>)
            throw new NotSupportedException($"A state dictionary of mbank has a standard normal base distribution; the flow has a {ZukoFlow.NameOf(flow.Base)}.");

        var parts = ZukoFlow.Parts(flow);
        for (var i = 0; i < parts.Count; i++)
        {
            var name = $"{NflowsFlow.Transform}._transforms.{i}";
            switch (parts[i])
            {
                case Box<T> { IsStarted: true } box when i == 0:
                    Add(tensors, box, name);
                    break;
                case DenseLinear<T> dense when i % 2 == 1:
                    Add(tensors, dense, name);
                    break;
                case MaskedAutoregressive<T> { Univariate: Affine<T> affine, Conditioner: Made<T> made } when i > 0 && i % 2 == 0 && IsKnown(affine, made):
                    Add(tensors, made, $"{name}.{Network}");
                    break;
                default:
                    throw new NotSupportedException(
                        $"A state dictionary of mbank holds a box and then pairs of a dense linear map and a masked affine transform of nflows; part {i} of the flow is a {ZukoFlow.NameOf(parts[i])}.");
            }
        }

        return parts.Count >= 3 && parts.Count % 2 == 1
            ? new TensorArchive(tensors)
            : throw new NotSupportedException($"A state dictionary of mbank holds a box and pairs of transforms; the flow has {parts.Count} parts.");
    }

    private static bool IsKnown<T>(Affine<T> affine, Made<T> made)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        affine.Settings == AffineSettings.NflowsMasked && made.Order.ContextFeatures == 0 && made.Order.Groups == made.Order.Features && IsNatural(made.Order.Positions)
        && made.Settings is { Blocks: 2, IsResidual: true, HasBatchNormalization: false, Flavour: MadeFlavour.Nflows } settings && settings.Activation == UnaryFunction.ReLU;

    private static bool IsNatural(ReadOnlySpan<int> positions)
    {
        for (var j = 0; j < positions.Length; j++)
        {
            if (positions[j] != j)
                return false;
        }

        return true;
    }

    private static void Add<T>(List<TensorData> tensors, Transform<T> part, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var parameter in part.Parameters)
            tensors.Add(Single(StateTensors.Of(parameter), $"{name}{parameter.Name[parameter.Name.LastIndexOf('.')..]}"));
    }

    private static void Add<T>(List<TensorData> tensors, Made<T> made, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = made.Order.Features;
        for (var p = 0; p < made.Parameters.Count; p += 2)
        {
            var (weight, bias) = (made.Parameters[p], made.Parameters[p + 1]);
            var layer = $"{name}{weight.Name[made.Name.Length..^".weight".Length]}";
            var isLast = p == made.Parameters.Count - 2;
            tensors.Add(Single(StateTensors.Of(weight), $"{layer}.weight"));
            tensors.Add(Single(StateTensors.Of(bias), $"{layer}.bias"));
            tensors.Add(TensorData.Create<float>($"{layer}.mask", [weight.Rows, weight.Columns], Array.ConvertAll(made.Mask(p / 2), sees => sees ? 1f : 0f)));
            tensors.Add(TensorData.Create<long>($"{layer}.degrees", [weight.Rows], isLast ? MadeDegrees.OfOutputs(made.Order, made.OutputsPerFeature) : MadeDegrees.OfUnits(weight.Rows, features)));
        }
    }

    private static TensorData Single(TensorData tensor, string name) => TensorData.Create<float>(name, tensor.Shape.AsSpan(), tensor.ToArray<float>());
}
