using System.Numerics;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Masked autoregressive transforms of nflows and normflows: <c>autoregressive_net</c> with its masks and degrees.</summary>
/// <param name="source">The tensors.</param>
/// <param name="settings">What they do not say.</param>
/// <param name="splines">The splines.</param>
internal sealed class StateMade<T>(TensorSource source, StateSettings settings, StateSplines splines)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Network = "autoregressive_net";

    /// <summary>Reads a transform.</summary>
    /// <param name="name">What its names begin with.</param>
    /// <param name="own">What its parts are called here.</param>
    /// <param name="flavour">Whose network.</param>
    /// <param name="onLine">Whether angles are to go on as straight lines.</param>
    public MaskedAutoregressive<T> Read(string name, string own, MadeFlavour flavour, bool onLine = false)
    {
        var net = TensorSource.Join(name, Network);
        var initial = source.Take($"{net}.initial_layer.weight", -1, -1);
        var (hidden, features) = (checked((int)initial.Shape[0]), checked((int)initial.Shape[1]));
        var outputs = checked((int)source.Take($"{net}.final_layer.weight", -1, hidden).Shape[0]);
        if (outputs % features != 0)
            throw new ModelFormatException($"The tensor '{net}.final_layer.weight' has {outputs} outputs for {features} features; expected as many for each.");

        var network = ReadNetwork(net, $"{own}.{Network}", flavour, features, hidden, outputs / features);
        var conditioner = StatePeriodic<T>.InFrontOf(source, splines, net, $"{own}.{Network}", network);
        var angles = conditioner is PeriodicMaskedNetwork<T> periodic ? periodic.Angles.ToArray() : null;
        var univariate = UnivariateOf(name, $"{net}.final_layer.weight", flavour, network, angles, onLine);
        return StateSplines.Checked(name, () => new MaskedAutoregressive<T>(univariate, conditioner));
    }

    private Univariate<T> UnivariateOf(string name, string tensor, MadeFlavour flavour, Made<T> network, int[]? angles, bool onLine)
    {
        var perFeature = network.OutputsPerFeature;
        var isAffine = perFeature == 2 && settings.Spline is null;
        if (isAffine)
            return new Affine<T>(flavour == MadeFlavour.Nflows ? AffineSettings.NflowsMasked : AffineSettings.NormflowsMasked);

        // The masked networks do not know how wide they are, so nothing is divided.
        var features = Enumerable.Range(0, network.Order.Features).ToArray();
        var varied = new StateCircles<T>(source, settings, splines).Read(name, tensor, perFeature, features, 1, angles, onLine);
        return varied ?? splines.Of<T>(tensor, perFeature, 0, splines.HasCircles ? new StateSplines.Evidence(StateSpline.RationalQuadratic, null) : null, onLine);
    }

    private Made<T> ReadNetwork(string net, string own, MadeFlavour flavour, int features, int hidden, int perFeature)
    {
        var blocks = source.CountModules($"{net}.blocks.", ".linear_layers.0.weight");
        var isResidual = blocks > 0 || !source.Any($"{net}.blocks.");
        if (!isResidual)
            blocks = source.CountModules($"{net}.blocks.", ".linear.weight");

        // Looks before memory is taken for hidden layers, whose size is the square of what the first layer tells.
        for (var i = 0; i < blocks; i++)
            source.Take(isResidual ? $"{net}.blocks.{i}.linear_layers.0.weight" : $"{net}.blocks.{i}.linear.weight", hidden, hidden);

        var context = source.Contains($"{net}.context_layer.weight") ? checked((int)source.Take($"{net}.context_layer.weight", hidden, -1).Shape[1]) : 0;
        var degrees = source.TakeIntegers($"{net}.final_layer.degrees", 0, features, checked(features * perFeature));
        var ranks = new int[features];
        for (var j = 0; j < features; j++)
            ranks[j] = degrees[j * perFeature];

        if (ranks.Distinct().Count() != features || ranks.Contains(0) || (flavour == MadeFlavour.Nflows && !ranks.SequenceEqual(Enumerable.Range(1, features))))
            throw new ModelFormatException($"The tensor '{net}.final_layer.degrees' does not hold the degrees 1 to {features} of the features.");

        var network = StateSplines.Checked(net, () => new Made<T>(
            new AutoregressiveOrder(ranks, context), perFeature,
            new MadeSettings
            {
                HiddenSize = hidden,
                Blocks = blocks,
                IsResidual = isResidual,
                Activation = settings.Activation(StateSettings.NoModule),
                Flavour = flavour,
                HidesContextFromFirst = true,
                HasBatchNormalization = StateNetworks.HasBatchNorm(source, net, isResidual),
            },
            own));
        var layers = source.Fill(network, own, net);
        StateNetworks.Start(source, network.Normalizations, own, net);
        for (var l = 0; l < layers.Count; l++)
            CheckDegrees($"{layers[l]}.degrees", l == layers.Count - 1 ? MadeDegrees.OfOutputs(network.Order, perFeature) : MadeDegrees.OfUnits(hidden, features));

        return network;
    }

    private void CheckDegrees(string tensor, long[] expected)
    {
        var degrees = source.TakeIntegers(tensor, 0, int.MaxValue, expected.Length);
        var at = 0;
        while (at < expected.Length && degrees[at] == expected[at])
            at++;
        if (at < expected.Length)
            throw new ModelFormatException($"The tensor '{tensor}' does not hold the degrees that the masks imply: [{at}] should be {expected[at]}.");
    }
}
