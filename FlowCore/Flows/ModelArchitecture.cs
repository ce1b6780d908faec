using System.Numerics;
using System.Text;
using System.Text.Json;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>The structure of a model with all its constants, as JSON; everything but the parameters.</summary>
internal static class ModelArchitecture
{
    private const string FlowKind = "flow";
    private const string FactorizableKind = "factorizable-flow";

    // Deeper than any composition that anyone writes down.
    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 32 };

    public static string Write<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            switch (model)
            {
                case Flow<T> flow:
                    json.WriteString("kind", FlowKind);
                    json.WriteNumber("features", flow.Features);
                    json.WriteNumber("context", flow.ContextFeatures);
                    json.WritePropertyName("base");
                    WriteBase(json, flow.Base);
                    json.WritePropertyName("transform");
                    WriteTransform(json, flow.Transform);
                    break;
                case FactorizableFlow<T> factorizable:
                    WriteResidual(json, factorizable);
                    break;
                default:
                    throw new NotSupportedException($"A model of type {NameOf(model)} cannot be written to a file.");
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    /// <summary>Builds the flow, its parameters still zero; the archive is asked for each tensor before memory is taken for it.</summary>
    public static Flow<T> ReadFlow<T>(string architecture, TensorArchive archive, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Read(architecture, root =>
        {
            RequireKind(root, FlowKind);
            var noise = ReadBase<T>(root.Object("base"), archive);
            var transform = ReadTransform<T>(root.Object("transform"), archive);
            if (transform.Features != root.Integer("features") || transform.ContextFeatures != root.Integer("context"))
                throw new ModelFormatException("The architecture's transforms do not have the features and the context that it states.");
            root.CheckAllUsed();
            return new Flow<T>(noise, transform, device);
        });

    public static (PolynomialResidual<T> Residual, string BaseHash) ReadResidual<T>(string architecture, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Read(architecture, root =>
        {
            RequireKind(root, FactorizableKind);
            var pairs = root.Integers("cross_terms");
            if (pairs.Length % 2 != 0)
                throw new ModelFormatException("The architecture's cross terms are not pairs.");
            var crossTerms = new (int, int)[pairs.Length / 2];
            for (var p = 0; p < crossTerms.Length; p++)
                crossTerms[p] = (pairs[2 * p], pairs[(2 * p) + 1]);
            var settings = new PolynomialResidualSettings
            {
                Features = root.Size("features"),
                ContextFeatures = root.Integer("context"),
                Nuisances = root.Size("nuisances"),
                Layers = root.Integer("layers"),
                HiddenSizes = root.Integers("hidden"),
                Activation = root.Enumeration<Activation>("activation"),
                CentralValues = root.Numbers("central"),
                Scales = root.Numbers("scales"),
                CrossTerms = crossTerms,
                QuadraticDamping = root.Number("quadratic_damping"),
                CrossTermDamping = root.Number("cross_term_damping"),
                LogDetSign = root.Number("log_det_sign"),
            };
            var baseHash = root.Text("base");
            if (baseHash.Length != 64)
                throw new ModelFormatException("The architecture's base is not a content hash.");
            root.CheckAllUsed();
            for (var l = 0; l < settings.Layers; l++)
            {
                var name = PolynomialResidual<T>.LayerName(l);
                for (var i = 0; i < settings.Nuisances + crossTerms.Length; i++)
                {
                    var isCross = i >= settings.Nuisances;
                    RequireNetwork(
                        archive,
                        isCross ? $"{name}.cross_nets.{i - settings.Nuisances}" : $"{name}.nuisance_nets.{i}",
                        (long)settings.Features + settings.ContextFeatures,
                        [.. settings.HiddenSizes],
                        (isCross ? 2L : 4L) * settings.Features);
                }
            }

            return (new PolynomialResidual<T>(settings, fresh: false), baseHash);
        });

    public static ModelDescription Describe(string architecture, string version, string? training) => Read(architecture, root =>
    {
        var kind = root.Text("kind");
        return new ModelDescription(
            kind,
            root.Size("features"),
            root.Integer("context"),
            kind == FactorizableKind ? root.Size("nuisances") : 0,
            version,
            architecture,
            training,
            kind == FactorizableKind ? root.Text("base") : null);
    });

    private static void WriteBase<T>(Utf8JsonWriter json, BaseDistribution<T> noise)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        json.WriteStartObject();
        json.WriteNumber("features", noise.Features);
        switch (noise)
        {
            case StandardNormal<T>:
                json.WriteString("kind", "standard-normal");
                break;
            case DiagonalNormal<T> normal:
                json.WriteString("kind", "diagonal-normal");
                json.WriteString("name", normal.Name);
                json.WriteBoolean("learnable", normal.Parameters[0].Trainable);
                break;
            case UniformBox<T> box:
                json.WriteString("kind", "uniform-box");
                WriteNumbers(json, "lower", box.Lower.ToArray());
                WriteNumbers(json, "upper", box.Upper.ToArray());
                break;
            default:
                throw new NotSupportedException($"A base distribution of type {NameOf(noise)} cannot be written to a file.");
        }

        json.WriteEndObject();
    }

    private static BaseDistribution<T> ReadBase<T>(JsonFields fields, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = fields.Size("features");
        BaseDistribution<T> noise = fields.Text("kind") switch
        {
            "standard-normal" => new StandardNormal<T>(features),
            "diagonal-normal" => ReadDiagonalNormal<T>(fields, archive),
            "uniform-box" => new UniformBox<T>(fields.Numbers("lower"), fields.Numbers("upper")),
            var kind => throw new ModelFormatException($"The architecture has a base distribution of the unknown kind {ModelFormatException.Quote(kind)}."),
        };
        fields.CheckAllUsed();
        return noise;
    }

    private static DiagonalNormal<T> ReadDiagonalNormal<T>(JsonFields fields, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = Vector(fields, archive, "location", 1);
        var ones = new double[features];
        Array.Fill(ones, 1);
        return new DiagonalNormal<T>(new double[features], ones, fields.Flag("learnable"), fields.Text("name"));
    }

    private static void WriteTransform<T>(Utf8JsonWriter json, Transform<T> transform)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        json.WriteStartObject();
        switch (transform)
        {
            case Composition<T> composition:
                json.WriteString("kind", "composition");
                json.WriteNumber("features", composition.Features);
                json.WriteStartArray("parts");
                foreach (var part in composition.Parts)
                    WriteTransform(json, part);
                json.WriteEndArray();
                break;
            case Inverted<T> inverted:
                json.WriteString("kind", "inverted");
                json.WritePropertyName("inner");
                WriteTransform(json, inverted.Inner);
                break;
            case Permutation<T> permutation:
                json.WriteString("kind", "permutation");
                WriteIntegers(json, "indices", permutation.Indices.ToArray());
                break;
            case Standardize<T> standardize:
                json.WriteString("kind", "standardize");
                json.WriteString("name", standardize.Name);
                json.WriteNumber("features", standardize.Features);
                break;
            case ElementwiseAffine<T> affine:
                json.WriteString("kind", "elementwise-affine");
                json.WriteString("name", affine.Name);
                json.WriteNumber("features", affine.Features);
                json.WriteNumber("slope", affine.Slope);
                break;
            case ElementwiseSpline<T> spline:
                json.WriteString("kind", "elementwise-spline");
                json.WriteString("name", spline.Name);
                json.WriteNumber("features", spline.Features);
                WriteSpline(json, spline.Settings);
                break;
            case TriangularLinear<T> linear:
                json.WriteString("kind", "triangular-linear");
                json.WriteString("name", linear.Name);
                json.WriteNumber("features", linear.Features);
                break;
            case ConditionalSpline<T> spline:
                json.WriteString("kind", "conditional-spline");
                json.WriteString("name", spline.Name);
                WriteSpline(json, spline.Settings);
                WriteConditional(json, spline, spline.HiddenSizes.ToArray());
                break;
            case ConditionalAffine<T> affine:
                json.WriteString("kind", "conditional-affine");
                json.WriteString("name", affine.Name);
                json.WriteNumber("slope", affine.Slope);
                WriteConditional(json, affine, affine.HiddenSizes.ToArray());
                break;
            case MaskedAutoregressiveSpline<T> spline:
                json.WriteString("kind", "masked-autoregressive-spline");
                json.WriteString("name", spline.Name);
                WriteSpline(json, spline.Settings);
                WriteConditioner(json, spline.Conditioner);
                break;
            case MaskedAutoregressiveAffine<T> affine:
                json.WriteString("kind", "masked-autoregressive-affine");
                json.WriteString("name", affine.Name);
                json.WriteNumber("slope", affine.Slope);
                WriteConditioner(json, affine.Conditioner);
                break;
            default:
                throw new NotSupportedException($"A transform of type {NameOf(transform)} cannot be written to a file.");
        }

        json.WriteEndObject();
    }

    private static Transform<T> ReadTransform<T>(JsonFields fields, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Transform<T> transform = fields.Text("kind") switch
        {
            "composition" => new Composition<T>(fields.Size("features"), fields.Objects("parts").ConvertAll(part => ReadTransform<T>(part, archive))),
            "inverted" => new Inverted<T>(ReadTransform<T>(fields.Object("inner"), archive)),
            "permutation" => new Permutation<T>(fields.Integers("indices")),
            "standardize" => new Standardize<T>(Vector(fields, archive, "location_log_scale", 2), fields.Text("name")),
            "elementwise-affine" => new ElementwiseAffine<T>(Vector(fields, archive, "shift_scale", 2), fields.Text("name"), fields.Number("slope")),
            "elementwise-spline" => ReadElementwiseSpline<T>(fields, archive),
            "triangular-linear" => new TriangularLinear<T>(Vector(fields, archive, "bias", 1), fields.Text("name")),
            "conditional-spline" => ReadConditionalSpline<T>(fields, archive),
            "conditional-affine" => ReadConditionalAffine<T>(fields, archive),
            "masked-autoregressive-spline" => ReadAutoregressiveSpline<T>(fields, archive),
            "masked-autoregressive-affine" => ReadAutoregressiveAffine<T>(fields, archive),
            var kind => throw new ModelFormatException($"The architecture has a transform of the unknown kind {ModelFormatException.Quote(kind)}."),
        };
        fields.CheckAllUsed();
        return transform;
    }

    private static ElementwiseSpline<T> ReadElementwiseSpline<T>(JsonFields fields, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = ReadSpline(fields);
        return new ElementwiseSpline<T>(Vector(fields, archive, "spline", settings.ParametersPerFeature), settings, fields.Text("name"));
    }

    private static MaskedAutoregressiveSpline<T> ReadAutoregressiveSpline<T>(JsonFields fields, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = ReadSpline(fields);
        var (order, hidden, activation, name) = ReadConditioner(fields, archive, settings.ParametersPerFeature);
        return new MaskedAutoregressiveSpline<T>(order, settings, hidden, activation, name);
    }

    private static MaskedAutoregressiveAffine<T> ReadAutoregressiveAffine<T>(JsonFields fields, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (order, hidden, activation, name) = ReadConditioner(fields, archive, 2);
        return new MaskedAutoregressiveAffine<T>(order, fields.Number("slope"), hidden, activation, name);
    }

    private static void WriteConditional<T>(Utf8JsonWriter json, ConditionalElementwise<T> transform, int[] hiddenSizes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        json.WriteNumber("features", transform.Features);
        json.WriteNumber("context", transform.ContextFeatures);
        WriteIntegers(json, "hidden", hiddenSizes);
        json.WriteString("activation", transform.Conditioner.Activation.ToString());
    }

    private static ConditionalSpline<T> ReadConditionalSpline<T>(JsonFields fields, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = ReadSpline(fields);
        var (features, context, hidden, activation, name) = ReadConditional(fields, archive, settings.ParametersPerFeature);
        return new ConditionalSpline<T>(features, context, settings, hidden, activation, name);
    }

    private static ConditionalAffine<T> ReadConditionalAffine<T>(JsonFields fields, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (features, context, hidden, activation, name) = ReadConditional(fields, archive, 2);
        return new ConditionalAffine<T>(features, context, fields.Number("slope"), hidden, activation, name);
    }

    private static (int Features, int Context, int[] Hidden, Activation Activation, string Name) ReadConditional(
        JsonFields fields, TensorArchive archive, int outputsPerFeature)
    {
        int features = fields.Size("features"), context = fields.Size("context");
        var hidden = fields.Integers("hidden");
        var name = fields.Text("name");
        RequireNetwork(archive, $"{name}.hyper", context, hidden, (long)features * outputsPerFeature);
        return (features, context, hidden, fields.Enumeration<Activation>("activation"), name);
    }

    private static void WriteResidual<T>(Utf8JsonWriter json, FactorizableFlow<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = model.Residual.Settings;
        var constants = model.Residual.Constants;
        json.WriteString("kind", FactorizableKind);
        json.WriteNumber("features", settings.Features);
        json.WriteNumber("context", settings.ContextFeatures);
        json.WriteNumber("nuisances", settings.Nuisances);
        json.WriteNumber("layers", settings.Layers);
        WriteIntegers(json, "hidden", settings.HiddenSizes);
        json.WriteString("activation", settings.Activation.ToString());
        WriteNumbers(json, "central", constants.Central);
        WriteNumbers(json, "scales", constants.Scales);
        WriteIntegers(json, "cross_terms", [.. constants.CrossTerms.SelectMany(pair => (int[])[pair.First, pair.Second])]);
        json.WriteNumber("quadratic_damping", constants.QuadraticDamping);
        json.WriteNumber("cross_term_damping", constants.CrossTermDamping);
        json.WriteNumber("log_det_sign", constants.LogDetSign);
        json.WriteString("base", ModelFile.BaseHash(model.Base));
    }

    private static void WriteSpline(Utf8JsonWriter json, SplineSettings settings)
    {
        json.WriteNumber("bins", settings.Bins);
        json.WriteNumber("bound", settings.Bound);
        json.WriteNumber("slope", settings.Slope);
    }

    private static SplineSettings ReadSpline(JsonFields fields) => new(fields.Size("bins"), fields.Number("bound"), fields.Number("slope"));

    private static void WriteConditioner<T>(Utf8JsonWriter json, MaskedMlp<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WriteIntegers(json, "ranks", network.Order.Ranks.ToArray());
        json.WriteNumber("context", network.Order.ContextFeatures);
        WriteIntegers(json, "hidden", network.HiddenSizes.ToArray());
        json.WriteString("activation", network.Activation.ToString());
    }

    private static (AutoregressiveOrder Order, int[] Hidden, Activation Activation, string Name) ReadConditioner(
        JsonFields fields, TensorArchive archive, int outputsPerFeature)
    {
        var order = new AutoregressiveOrder(fields.Integers("ranks"), fields.Integer("context"));
        var hidden = fields.Integers("hidden");
        var name = fields.Text("name");
        RequireNetwork(archive, $"{name}.hyper", (long)order.Features + order.ContextFeatures, hidden, (long)order.Features * outputsPerFeature);
        return (order, hidden, fields.Enumeration<Activation>("activation"), name);
    }

    private static void RequireNetwork(TensorArchive archive, string name, long inputs, ReadOnlySpan<int> hidden, long outputs)
    {
        for (var l = 0; l <= hidden.Length; l++)
        {
            var rows = l == hidden.Length ? outputs : hidden[l];
            RequireTensor(archive, $"{name}.{2 * l}.weight", rows, inputs);
            inputs = rows;
        }
    }

    private static int Vector(JsonFields fields, TensorArchive archive, string suffix, int numbersPerFeature)
    {
        var features = fields.Size("features");
        RequireTensor(archive, $"{fields.Text("name")}.{suffix}", (long)features * numbersPerFeature);
        return features;
    }

    private static void RequireTensor(TensorArchive archive, string name, params ReadOnlySpan<long> shape)
    {
        if (!archive.TryGet(name, out var tensor))
            throw new ModelFormatException($"The tensor {ModelFormatException.Quote(name)} is missing.");
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            throw new ModelFormatException($"The tensor {ModelFormatException.Quote(name)} has the shape [{string.Join(", ", tensor.Shape)}]; expected [{string.Join(", ", shape.ToArray())}].");
    }

    private static void WriteIntegers(Utf8JsonWriter json, string name, IReadOnlyList<int> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void RequireKind(JsonFields root, string expected)
    {
        var kind = root.Text("kind");
        if (kind != expected)
            throw new ModelFormatException($"The file holds a {ModelFormatException.Quote(kind)}; expected a '{expected}'.");
    }

    /// <summary>Parses the text and turns what constructors say about it into the one exception for contents of files.</summary>
    private static TResult Read<TResult>(string architecture, Func<JsonFields, TResult> read)
    {
        try
        {
            using var document = JsonDocument.Parse(architecture, _strict);
            return read(new JsonFields(document.RootElement, "architecture"));
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException($"The architecture is not JSON: {ContentBoundary.Sentence(exception)}", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new ModelFormatException($"The architecture is out of range. {ContentBoundary.Sentence(exception)}", exception);
        }
    }

    private static string NameOf(object part) => part.GetType().Name.Split('`')[0];
}
