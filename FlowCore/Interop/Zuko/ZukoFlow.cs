using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Masked autoregressive flows, coupling flows and Gaussianization flows under the names and in the shapes of zuko.</summary>
/// <remarks>Reading infers the structure from the tensors; what they cannot say is in <see cref="StateDictionaryOptions"/>.</remarks>
internal static class ZukoFlow
{
    private const string LocationName = "location";
    private const string LogScaleName = "log_scale";

    // The bound between transforms that zuko searches for their inverse, and the nodes of its quadrature.
    private const double ClipBound = 11;
    private const int IntegrandNodes = 32;

    public static Flow<T> Read<T>(TensorArchive archive, TensorSource source, string prefix, StateSettings settings, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (ZukoContinuous.IsContinuous(source, prefix))
            return ZukoContinuous.Read<T>(source, prefix, ZukoBase.Read(source, prefix, settings), settings, device);
        StateKinds.Check(archive, prefix, settings.Transformer == StateTransformer.Gaussianization);
        var noise = ZukoBase.Read(source, prefix, settings);
        var parts = new List<Transform<T>>();
        if (source.Contains(StandardizationTensor(prefix, LocationName)))
            parts.Add(ReadStandardization<T>(source, prefix));
        var first = parts.Count;
        var indices = source.Indices(prefix + StateNames.Transforms);
        var isClipped = CheckGaps(indices, first, prefix);
        var kind = noise.IsCircle ? ZukoKind.Circular
            : indices.Any(index => source.Contains($"{prefix}{StackedFlow.TransformName(index)}.A")) ? ZukoKind.Gaussianization
            : isClipped ? ZukoKind.SumOfSquares
            : ZukoKind.Plain;
        var leading = CountLeadingAffine(source, prefix, first, indices, kind);
        for (var index = first; index <= indices.Max; index++)
        {
            var i = index - first;
            var name = prefix + StackedFlow.TransformName(index);
            var ownName = i < leading ? AutoregressiveFlow.AffineName(i) : StackedFlow.TransformName(i - leading);
            if (!indices.Contains(index))
            {
                var bound = settings.SoftclipBound(index);
                parts.Add(StateSplines.Checked(name, () => new Elementwise<T>(new Softclip<T>(bound, isOnto: true), parts[^1].Features)));
                continue;
            }

            var part = ReadPart<T>(source, new ZukoModule(name, ownName, index, settings, kind), noise);
            var context = parts.Skip(first).Select(before => before.ConditionColumns).FirstOrDefault(columns => columns > 0);
            if (parts.Count > 0 && (part.Features != parts[0].Features || (part.ConditionColumns != context && parts.Count > first && IsConditioned(part))))
            {
                throw new ModelFormatException(
                    $"The transform '{name}' has {part.Features} features and {part.ConditionColumns} context columns; the transforms before it have {parts[0].Features} and {context}.");
            }

            parts.Add(part);
        }

        if (parts.Count == first)
            throw new ModelFormatException($"The tensor '{prefix}{StackedFlow.TransformName(first)}.order' is missing: this is not a masked autoregressive flow.");

        var distribution = noise.Create<T>(source, parts[0].Features);
        return StateSplines.Checked(prefix + StateNames.Transforms.TrimEnd('.'), () => new Flow<T>(distribution, new Composition<T>(parts[0].Features, parts), device));
    }

    private static bool IsConditioned<T>(Transform<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => part is not RotationLinear<T>;

    private static Transform<T> ReadPart<T>(TensorSource source, ZukoModule module, ZukoBase noise)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = module.Name;
        if (source.Contains($"{name}.mask"))
            return ZukoCoupling.Read<T>(source, module);

        if (source.Contains($"{name}.order"))
            return ReadAutoregressive<T>(source, module);

        if (source.Contains($"{name}.phi.0"))
            return ReadElementwise<T>(source, module);

        if (source.Contains($"{name}.A"))
        {
            var features = checked((int)source.Take($"{name}.A", -1, -1).Shape[0]);
            var numbers = source.TakeNumbers<T>($"{name}.A", features, features);
            var rotation = new RotationLinear<T>(features, module.OwnName);
            rotation.Parameters[0].Write(numbers);
            return rotation;
        }

        return source.Contains($"{name}.hyper.0.weight") && !source.Contains($"{name}.hyper.0.mask")
            ? ReadConditional<T>(source, module, source.Take(noise.First, -1).Count)
            : throw new ModelFormatException($"The tensor '{name}.order' is missing: this is not a masked autoregressive flow.");
    }

    // Sums of squares and the networks of features have bounds between them, which have no tensors.
    private static bool CheckGaps(SortedSet<int> indices, int first, string prefix)
    {
        var gaps = Enumerable.Range(first, indices.Max + 1 - first).Where(index => !indices.Contains(index)).ToList();
        if (gaps.Count == 0)
            return false;

        var isEverySecond = (indices.Max - first) % 2 == 0 && gaps.Count == (indices.Max - first) / 2 && gaps.TrueForAll(gap => (gap - first) % 2 == 1);
        return isEverySecond ? true : throw new ModelFormatException(
            $"Expected tensors of every transform, or of every second one as in flows with bounds between (SOSPF, NAF, UNAF), got none of '{prefix}{StackedFlow.TransformName(gaps[0])}'.");
    }

    /// <summary>The name of a tensor of the standardisation, which stands before the transforms of the other library.</summary>
    private static string StandardizationTensor(string prefix, string name) => $"{prefix}{StackedFlow.TransformName(0)}.{name}";

    private static Standardization<T> ReadStandardization<T>(TensorSource source, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = source.Take(StandardizationTensor(prefix, LocationName), -1).Count;
        var location = source.TakeNumbers<T>(StandardizationTensor(prefix, LocationName), features);
        var logScale = source.TakeNumbers<T>(StandardizationTensor(prefix, LogScaleName), features);
        var values = new T[2 * features];
        for (var j = 0; j < features; j++)
            (values[2 * j], values[(2 * j) + 1]) = (location[j], logScale[j]);
        var standardize = new Standardization<T>(features, StackedFlow.StandardizationName);
        standardize.Parameters[0].Write(values);
        return standardize;
    }

    /// <summary>How many affine transforms stand in front of splines, where they have names of their own in this library; 0 without splines.</summary>
    private static int CountLeadingAffine(TensorSource source, string prefix, int first, SortedSet<int> indices, ZukoKind kind)
    {
        if (kind is not (ZukoKind.Plain or ZukoKind.Circular))
            return 0;

        for (var i = 0; indices.Contains(first + i); i++)
        {
            var name = $"{prefix}{StackedFlow.TransformName(first + i)}";
            if (!source.Contains($"{name}.order") || source.Contains($"{name}.hyper.1.0.weight") || ZukoNetworks.HasOwn(source, name))
                return 0;
            if (source.NetworkShape($"{name}.hyper").Outputs != 2 * source.Take($"{name}.order", -1).Count)
                return i;
        }

        return 0;
    }

    private static MaskedAutoregressive<T> ReadAutoregressive<T>(TensorSource source, ZukoModule module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = module.Name;
        var features = source.Take($"{name}.order", -1).Count;
        var ranks = source.TakeIntegers($"{name}.order", 0, features - 1, features);
        var hasOwn = ZukoNetworks.HasOwn(source, name);

        // Signals are as many as one likes, so nothing is concluded from their number.
        var network = ZukoNetworks.ReadMasked<T>(source, hasOwn ? module with { Kind = ZukoKind.SumOfSquares } : module, ranks);
        var univariate = hasOwn
            ? ZukoNetworks.ReadOwn<T>(source, module, features, network.OutputsPerFeature)
            : module.UnivariateOf<T>(network.OutputsPerFeature);
        return StateSplines.Checked(name, () => new MaskedAutoregressive<T>(univariate, network));
    }

    /// <summary>A network of the context without masks: of one feature, or of several that do not see each other.</summary>
    private static Conditional<T> ReadConditional<T>(TensorSource source, ZukoModule module, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = module.Name;
        var (inputs, hiddenSizes, outputs) = ZukoNetworks.ShapeOf(source, name);
        var hasOwn = ZukoNetworks.HasOwn(source, name);
        var perFeature = (hasOwn ? module with { Kind = ZukoKind.SumOfSquares } : module).PerFeature(outputs, features, ZukoNetworks.OutputOf(source, name, hiddenSizes.Length));
        var univariate = hasOwn ? ZukoNetworks.ReadOwn<T>(source, module, features, perFeature) : module.UnivariateOf<T>(perFeature);
        var network = ZukoNetworks.Read<T>(source, module, name, [inputs, .. hiddenSizes, outputs]);
        return StateSplines.Checked(name, () => new Conditional<T>(univariate, features, network));
    }

    /// <summary>Without context and masks: the parameters themselves, in as many tensors as τ has arguments.</summary>
    private static Elementwise<T> ReadElementwise<T>(TensorSource source, ZukoModule module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = module.Name;
        var arguments = source.CountModules($"{name}.phi.", "");
        var shape = source.Take($"{name}.phi.0").Shape;
        if (shape.Length is < 1 or > 3 || shape.Contains(0))
            throw new ModelFormatException($"The tensor '{name}.phi.0' has the shape [{string.Join(", ", shape)}]; expected a row of numbers for each feature.");

        var features = checked((int)shape[0]);
        var pieces = new List<T[]>();
        for (var i = 0; i < arguments; i++)
        {
            var own = source.Take($"{name}.phi.{i}").Shape;
            pieces.Add(source.TakeNumbers<T>($"{name}.phi.{i}", [features, .. own.Skip(1)]));
        }

        var perFeature = pieces.Sum(piece => piece.Length) / features;
        var hasOwn = ZukoNetworks.HasOwn(source, name);
        var sizes = pieces.Select(piece => piece.Length / features).ToArray();
        var isMatrix = source.Take($"{name}.phi.{arguments - 1}").Shape.Length == 2;
        var univariate = (arguments, shape.Length) switch
        {
            _ when hasOwn => ZukoNetworks.ReadOwn<T>(source, module, features, perFeature),
            (1, 2) when module.Kind == ZukoKind.Plain => module.UnivariateOf<T>(perFeature, ZukoKind.Bernstein),
            (2, 3) when sizes[1] == 1 && module.Kind is ZukoKind.Plain or ZukoKind.SumOfSquares => module.UnivariateOf<T>(perFeature, ZukoKind.SumOfSquares, checked((int)shape[2] - 1)),
            (2, 2) when isMatrix && sizes[0] == sizes[1] && module.Kind is ZukoKind.Plain or ZukoKind.Gaussianization => module.UnivariateOf<T>(perFeature, ZukoKind.Gaussianization),
            (2, 1) when !isMatrix && module.Kind == ZukoKind.Plain => module.UnivariateOf<T>(perFeature, ZukoKind.Plain),
            (3, 2) when isMatrix && sizes[0] == sizes[1] && sizes[2] == sizes[0] - 1 && module.Kind is ZukoKind.Plain or ZukoKind.Circular => module.UnivariateOf<T>(perFeature, module.Kind == ZukoKind.Circular ? ZukoKind.Circular : ZukoKind.Plain),
            _ => throw new ModelFormatException($"Expected the parameters of a transform that is known in '{name}.phi', got {arguments} tensors with {string.Join(", ", sizes)} numbers a feature."),
        };
        var values = new List<T>();
        for (var j = 0; j < features; j++)
        {
            for (var i = 0; i < arguments; i++)
                values.AddRange(pieces[i].AsSpan(j * sizes[i], sizes[i]));
        }

        var part = StateSplines.Checked(name, () => new Elementwise<T>(univariate, features, module.OwnName, isStarted: true));
        part.Parameters[0].Write([.. values]);
        return part;
    }

    /// <summary>The modules of a flow, one after the other.</summary>
    public static IReadOnlyList<Transform<T>> Parts<T>(Flow<T> flow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => flow.Transform is Composition<T> composition ? composition.Parts : [flow.Transform];

    public static void Write<T>(List<TensorData> tensors, Flow<T> flow, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (ZukoContinuous.TryWrite(tensors, flow, prefix))
            return;
        var parts = Parts(flow);
        var first = parts is [Standardization<T>, ..] ? 1 : 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var name = prefix + StackedFlow.TransformName(i);
            switch (parts[i])
            {
                case Standardization<T> standardization when i == 0:
                    WriteStandardization(tensors, standardization, prefix);
                    break;
                case MaskedAutoregressive<T> { Conditioner: MaskedMlp<T> or MaskedResidualMlp<T> } masked when IsKnown(masked.Univariate):
                    WriteOrder(tensors, masked.Conditioner.Order, $"{name}.order");
                    ZukoNetworks.WriteOwn(tensors, masked.Univariate, name);
                    ZukoNetworks.Write(tensors, masked.Conditioner, name);
                    break;
                case Coupling<T> { Unconditional: null, Order: ParameterOrder.ByFeature, Conditioner: Mlp<T> network, Univariate: Affine<T> or RationalQuadraticSpline<T> or BernsteinPolynomial<T> } coupling
                    when IsKnown(coupling.Univariate):
                    ZukoCoupling.Write(tensors, coupling, network, name);
                    break;
                case Conditional<T> { Conditioner: Mlp<T> network } conditional when IsKnown(conditional.Univariate) && (conditional.Features == 1 || conditional.Univariate is Gaussianization<T>):
                    ZukoNetworks.WriteOwn(tensors, conditional.Univariate, name);
                    ZukoNetworks.Write(tensors, network, name);
                    break;
                case Elementwise<T> { Univariate: Softclip<T> { Bound: ClipBound } } when (i - first) % 2 == 1 && i < parts.Count - 1:
                    break;
                case Elementwise<T> { IsShared: false } part when IsKnown(part.Univariate) && (part.Features == 1 || part.Univariate is Gaussianization<T>):
                    ZukoNetworks.WriteOwn(tensors, part.Univariate, name);
                    WritePhi(tensors, part, name);
                    break;
                case RotationLinear<T> rotation:
                    tensors.Add(StateTensors.Of(rotation.Parameters[0]).Rename($"{name}.A"));
                    break;
                default:
                    throw new NotSupportedException(
                        $"A state dictionary for other libraries holds a standardisation and then masked autoregressive transforms or couplings; part {i} of the flow is a {NameOf(parts[i])}.");
            }
        }

        ZukoBase.Write(tensors, flow.Base, prefix);
    }

    // The form that the readers of these tensors take for granted.
    private static bool IsKnown<T>(Univariate<T> univariate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => univariate switch
        {
            Affine<T> affine => affine.Settings == new AffineSettings { Slope = affine.Slope },
            RationalQuadraticSpline<T> { Settings: var settings } => settings == new SplineSettings(settings.Bins, settings.Bound, settings.Slope),
            CircularSpline<T> { Settings: var settings, Shift: SplineShift.HalfTurn } =>
                settings is { Parametrization: SplineParametrization.Limited, Ends: SplineEnds.Given, Lower: -Math.PI, Upper: Math.PI, LowerSlope: 1, UpperSlope: 1 },
            BernsteinPolynomial<T> { Settings: var settings } => settings == new BernsteinSettings(settings.Coefficients, settings.Bound) { TailOffset = ZukoModule.BernsteinTailOffset },
            Gaussianization<T> mixture => mixture.Squeeze == ZukoModule.Squeeze,
            IntegratedNetwork<T> network => network.Nodes == IntegrandNodes && network.Activation == ZukoModule.IntegrandActivation,
            SumOfSquares<T> or MonotoneNetwork<T> => true,
            _ => false,
        };

    private static void WriteStandardization<T>(List<TensorData> tensors, Standardization<T> standardization, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = StateTensors.Of(standardization.Parameters[0]).ToArray<T>();
        var location = new T[standardization.Features];
        var logScale = new T[standardization.Features];
        for (var j = 0; j < location.Length; j++)
            (location[j], logScale[j]) = (values[2 * j], values[(2 * j) + 1]);
        tensors.Add(TensorData.Create<T>(StandardizationTensor(prefix, LocationName), [location.Length], location));
        tensors.Add(TensorData.Create<T>(StandardizationTensor(prefix, LogScaleName), [logScale.Length], logScale));
    }

    private static void WriteOrder(List<TensorData> tensors, AutoregressiveOrder order, string name)
    {
        var ranks = new long[order.Features];
        for (var j = 0; j < ranks.Length; j++)
            ranks[j] = order.Ranks[j];
        tensors.Add(TensorData.Create<long>(name, [ranks.Length], ranks));
    }

    /// <summary>Free parameters, cut into what each argument of τ takes of every feature: [D, size], or [D] of one number.</summary>
    private static void WritePhi<T>(List<TensorData> tensors, Elementwise<T> part, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var perFeature = part.Univariate.ParametersPerFeature;
        long[][] shapes = part.Univariate switch
        {
            RationalQuadraticSpline<T> { Settings.Bins: var bins } => [[bins], [bins], [bins - 1]],
            CircularSpline<T> { Settings.Bins: var bins } => [[bins], [bins], [bins - 1]],
            SumOfSquares<T> sum => [[sum.Polynomials, sum.Degree + 1], []],
            Gaussianization<T> mixture => [[mixture.Components], [mixture.Components]],
            IntegratedNetwork<T> => [[perFeature - 1], []],
            Affine<T> => [[], []],
            _ => [[perFeature]],
        };
        var values = StateTensors.Of(part.Parameters[0]).ToArray<T>();
        var start = 0;
        for (var i = 0; i < shapes.Length; i++)
        {
            var size = (int)shapes[i].Aggregate(1L, (product, length) => product * length);
            var own = new T[part.Features * size];
            for (var j = 0; j < part.Features; j++)
                values.AsSpan((j * perFeature) + start, size).CopyTo(own.AsSpan(j * size));
            tensors.Add(TensorData.Create<T>($"{name}.phi.{i}", [part.Features, .. shapes[i]], own));
            start += size;
        }
    }

    internal static string NameOf(object part) => part.GetType().Name.Split('`')[0];
}
