using System.Numerics;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Couplings of nflows and of normflows' spline layers: <c>identity_features</c>, <c>transform_features</c>, <c>transform_net</c>, <c>unconditional_transform</c>.</summary>
/// <param name="source">The tensors.</param>
/// <param name="settings">What they do not say.</param>
/// <param name="splines">The splines.</param>
internal sealed class StateCoupling<T>(TensorSource source, StateSettings settings, StateSplines splines)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Network = "transform_net";
    private const string Bound = "tail_bound";

    /// <summary>Reads a coupling.</summary>
    /// <param name="name">What its names begin with.</param>
    /// <param name="own">What its parts are called here.</param>
    /// <param name="readAlone">Reads the transform of so many features that pass, where it is no spline.</param>
    /// <param name="onLine">Whether angles are to go on as straight lines.</param>
    public Coupling<T> Read(string name, string own, Func<string, int, Transform<T>> readAlone, bool onLine = false)
    {
        var (passing, changing) = ReadMask(name);
        var net = TensorSource.Join(name, Network);
        if (StateConvolution.IsOne(source, net))
            return ReadConvolution(name, own, net, passing, changing);
        var network = ReadNetwork(net, $"{own}.{Network}", passing.Length, out var hidden);
        if (network.Outputs % changing.Length != 0)
            throw new ModelFormatException($"The network '{net}' has {network.Outputs} outputs for {changing.Length} features; expected as many for each.");

        var perFeature = network.Outputs / changing.Length;
        var angles = (network as PeriodicNetwork<T>)?.Angles.ToArray() ?? [];
        var context = network.Inputs - passing.Length;
        int[] passingAngles = [.. angles.Select(angle => passing[angle - context])];
        var circles = new StateCircles<T>(source, settings, splines);
        var alone = TensorSource.Join(name, "unconditional_transform");
        var evidence = StateCdf<T>.EvidenceOf(source, alone);
        var (bound, aloneBound) = (TensorSource.Join(name, Bound), $"{alone}.{Bound}");
        if (evidence is not null && source.Contains(bound) != source.Contains(aloneBound))
            throw new ModelFormatException($"The tensors '{bound}' and '{aloneBound}' have to be there both or not at all; one is missing.");

        var unconditional = !source.Any($"{alone}.") ? null
            : evidence is null ? readAlone(alone, passing.Length)
            : new StateCdf<T>(source, splines).Read(alone, $"{own}.unconditional", count => circles.Read(alone, $"{alone}.unnormalized_widths", count, passing, 1, passingAngles, onLine));

        var (univariate, order) = (perFeature, settings.Spline ?? evidence?.Kind) switch
        {
            (1, null) => (new Additive<T>(), ParameterOrder.ByFeature),
            (2, null) => ((Univariate<T>)AffineOf(name), ParameterOrder.ByKind),
            _ => (circles.Read(name, $"{net}.final_layer.weight", perFeature, changing, hidden == 0 ? 1 : 1 / Math.Sqrt(hidden), null, onLine)
                ?? splines.Of<T>($"{net}.final_layer.weight", perFeature, hidden, evidence ?? (splines.HasCircles ? new(StateSpline.RationalQuadratic, null) : null), onLine), ParameterOrder.ByFeature),
        };
        var passes = new bool[passing.Length + changing.Length];
        foreach (var feature in passing)
            passes[feature] = true;

        // A coupling of an interval is one of a cube: what passes has to lie in it as well, or no layer could follow.
        if (unconditional is null && univariate is { Domain: { IsReal: false, IsCircle: false } axis } && univariate.Codomain == axis)
            unconditional = new Elementwise<T>(new Interval<T>(axis.Lower, axis.Upper), passing.Length);
        return StateSplines.Checked(name, () => new Coupling<T>(univariate, passes, network, unconditional, order));
    }

    // A mask of arrays is one of their channels.
    private Coupling<T> ReadConvolution(string name, string own, string net, int[] passing, int[] changing)
    {
        var alone = TensorSource.Join(name, "unconditional_transform");
        if (source.Any($"{alone}."))
            throw new ModelFormatException($"Expected a coupling of arrays without a transform of what passes, got the tensors '{alone}', which are not supported.");

        var (height, width) = settings.RequirePixels(net);
        var pixels = height * width;
        var outputs = checked((int)source.Take($"{net}.final_layer.weight", -1, -1, 1, 1).Shape[0]);
        if (outputs % changing.Length != 0)
            throw new ModelFormatException($"The network '{net}' has {outputs} outputs for {changing.Length} channels; expected as many for each.");

        var perFeature = outputs / changing.Length;
        var isLine = perFeature <= 2 && settings.Spline is null;

        // The numbers of a spline stand feature by feature: of a pixel of a channel they are those of the pixel in all of the channel's outputs.
        var places = new int[checked(outputs * pixels)];
        for (var i = 0; i < places.Length; i++)
            places[i] = isLine ? i : (((i / perFeature / pixels * perFeature) + (i % perFeature)) * pixels) + (i / perFeature % pixels);

        var network = StateConvolution.Read<T>(source, settings, net, $"{own}.{Network}", passing.Length, places);
        var univariate = (perFeature, isLine) switch
        {
            (1, true) => new Additive<T>(),
            (2, true) => (Univariate<T>)AffineOf(name),
            _ => splines.Of<T>($"{net}.final_layer.weight", perFeature, network.Settings.HiddenChannels, null),
        };
        var passes = new bool[checked((passing.Length + changing.Length) * pixels)];
        foreach (var channel in passing)
            passes.AsSpan(channel * pixels, pixels).Fill(true);

        return StateSplines.Checked(name, () => new Coupling<T>(univariate, passes, network, null, isLine ? ParameterOrder.ByKind : ParameterOrder.ByFeature));
    }

    private (int[] Passing, int[] Changing) ReadMask(string name)
    {
        var (first, second) = (TensorSource.Join(name, "identity_features"), TensorSource.Join(name, "transform_features"));
        var features = checked(source.Take(first, -1).Count + source.Take(second, -1).Count);
        var passing = source.TakeIntegers(first, 0, features - 1, -1);
        var changing = source.TakeIntegers(second, 0, features - 1, -1);
        var isMask = IsAscending(passing) && IsAscending(changing) && !passing.Intersect(changing).Any();
        return isMask
            ? (passing, changing)
            : throw new ModelFormatException($"The tensors '{first}' and '{second}' do not hold each of the features 0 to {features - 1} once, ascending.");
    }

    private static bool IsAscending(int[] indices)
    {
        for (var i = 1; i < indices.Length; i++)
        {
            if (indices[i] <= indices[i - 1])
                return false;
        }

        return true;
    }

    // Whether the library divides raw sizes is told by whether the network knows its width: residual networks do.
    private Network<T> ReadNetwork(string net, string own, int passing, out int hidden)
    {
        hidden = 0;
        if (source.Contains($"{net}.initial_layer.weight"))
        {
            var network = StateNetworks.ReadResidual<T>(source, settings, net, own, passing);
            hidden = network.HiddenSize;
            return StatePeriodic<T>.InFrontOf(source, splines, net, own, network);
        }

        return StateNetworks.ReadMlp<T>(source, settings, net, own, passing) is { } mlp && mlp.Inputs >= passing
            ? mlp
            : throw new ModelFormatException($"Expected a residual network or a perceptron of at least {passing} inputs as '{net}', got {StateNetworks.First(source, $"{net}.")}.");
    }

    private Affine<T> AffineOf(string name)
    {
        var usual = AffineSettings.NflowsCoupling;
        if (settings.Scale is null)
            settings.Assume(new StateAssumption("the scale of affine couplings", "sigmoid(u + 2) + 0.001", nameof(StateDictionaryOptions.Scale), "glasflow has wide by itself"));

        return StateSplines.Checked(name, () => new Affine<T>(settings.Scale ?? usual));
    }
}
