using System.Numerics;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>The transforms of nflows. Their classes are not stored; the names of their tensors tell.</summary>
/// <param name="source">The tensors.</param>
/// <param name="settings">What they do not say.</param>
/// <param name="splines">The splines.</param>
internal sealed class NflowsLayers<T>(TensorSource source, StateSettings settings, StateSplines splines)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string List = "_transforms.";
    private const string Nested = "_transform";
    private const string Temperature = "temperature";

    // Of a 1 x 1 convolution, whose other tensors are those of a matrix of triangles.
    private const string Permuted = "permutation._permutation";

    // The name of a layer that is the whole model.
    private const string Root = "transform";

    // Deeper than any model nests its transforms.
    private const int MostLevels = 16;

    /// <summary>Reads the transform of a flow, or a transform alone.</summary>
    /// <param name="name">What its names begin with; empty for nothing.</param>
    public Transform<T> ReadTop(string name)
    {
        if (settings.Layers is not null && !source.Any(TensorSource.Join(name, List)))
            throw new ModelFormatException($"Expected a composition of layers where {nameof(StateDictionaryOptions.Layers)} says what each is, got a single transform.");

        return Read(name, settings.Layers, 0, 0)
            ?? throw new ModelFormatException($"Expected tensors that tell the number of features, got {StateNetworks.First(source, TensorSource.Join(name, ""))} and none that does.");
    }

    // Null where the number of features is not known and nothing of the transform tells it.
    private Transform<T>? Read(string name, IReadOnlyList<string>? words, int features, int level)
    {
        if (level > MostLevels)
            throw new ModelFormatException($"Expected transforms that are nested less than {MostLevels} times, got '{name}'.");

        if (Any(List))
        {
            var list = TensorSource.Join(name, List);
            return StateLayers.Read(source, list, words, _ => false, (layer, _, known) => Read(layer, null, known, level + 1), features) is { } layers
                ? StateLayers.Compose(layers, list.TrimEnd('.'))
                : null;
        }

        if (Any($"{Nested}."))
            return Read(TensorSource.Join(name, Nested), null, features, level + 1) is { } inner ? new Inverted<T>(inner) : null;

        if (Any("autoregressive_net."))
            return new StateMade<T>(source, settings, splines).Read(name, OwnName(name), MadeFlavour.Nflows);

        if (Any("transform_net."))
            return new StateCoupling<T>(source, settings, splines).Read(name, OwnName(name), ReadAlone);

        if (source.Contains(TensorSource.Join(name, Temperature)))
            return features == 0 ? null : ReadSigmoid(name, features);

        return ReadLinear(name) ?? ReadElementwise(name)
            ?? throw new ModelFormatException($"Expected a transform of nflows that is known, got {StateNetworks.First(source, TensorSource.Join(name, ""))} in '{name}', which is not supported.");

        bool Any(string prefix) => source.Any(TensorSource.Join(name, prefix));
    }

    // What passes a coupling, where it is no spline.
    private Transform<T> ReadAlone(string name, int features) => Read(name, null, features, 1)!;

    private Elementwise<T> ReadSigmoid(string name, int features)
    {
        var tensor = TensorSource.Join(name, Temperature);
        var shape = source.Take(tensor).Shape;
        var temperature = shape.Length == 0 ? source.TakeNumbers<T>(tensor)[0] : source.TakeNumbers<T>(tensor, 1)[0];
        return StateSplines.Checked(name, () => new Elementwise<T>(new Sigmoid<T>(double.CreateTruncating(temperature), OwnName(name)), features));
    }

    private Transform<T>? ReadLinear(string name)
    {
        var own = OwnName(name);
        if (Has("_permutation"))
            return OfChannels(ReadPermutation(source, TensorSource.Join(name, "_permutation")));

        if (Has(Permuted))
        {
            settings.RequirePixels(TensorSource.Join(name, Permuted));
            var permutation = ReadPermutation(source, TensorSource.Join(name, Permuted));
            var matrix = ReadLu(source, name, own);
            return OfChannels(StateLayers.Compose([permutation, matrix], name));
        }

        if (Has("_weight"))
        {
            source.Take(TensorSource.Join(name, "_weight"), Count("bias"), Count("bias"));
            return Filled(new DenseLinear<T>(Count("bias"), own));
        }

        if (Has("lower_entries") || Has("unconstrained_upper_diag"))
            return ReadLu(source, name, own);

        if (Has("log_upper_diag"))
        {
            TakeTriangle(source, TensorSource.Join(name, "upper_entries"), Count("bias"));
            return Filled(new QrLinear<T>(Count("bias"), Reflections("orthogonal."), own));
        }

        if (Has("unconstrained_diagonal"))
        {
            var reflections = Reflections("orthogonal_1.");
            return reflections % 2 == 0
                ? Filled(new SvdLinear<T>(Count("bias"), reflections, own))
                : throw new ModelFormatException($"The tensor '{name}.orthogonal_1.q_vectors' has {reflections} rows; expected an even number.");
        }

        if (Has("q_vectors"))
        {
            var vectors = source.Take(TensorSource.Join(name, "q_vectors"), -1, -1);
            return Filled(new HouseholderLinear<T>((int)vectors.Shape[1], (int)vectors.Shape[0], own));
        }

        if (Has("initialized"))
            return OfChannels(Filled(new ActNorm<T>(Count("log_scale"), own, source.TakeFlags(TensorSource.Join(name, "initialized"))[0])));

        if (Has("running_var"))
            return Filled(new BatchNormalization<T>(Count("bias"), own, isStarted: true));

        return null;

        bool Has(string suffix) => source.Contains(TensorSource.Join(name, suffix));

        int Count(string suffix) => source.Take(TensorSource.Join(name, suffix), -1).Count;

        int Reflections(string prefix) => (int)source.Take(TensorSource.Join(name, $"{prefix}q_vectors"), -1, Count("bias")).Shape[0];

        Transform<T> Filled(Transform<T> layer)
        {
            source.Fill(layer.Parameters, own, name);
            return layer;
        }
    }

    // Permutations, 1 x 1 convolutions and activation normalisations of arrays act on the channels of every pixel.
    private Transform<T> OfChannels(Transform<T> layer)
    {
        if (settings.Pixels is null)
            return layer;
        var (height, width) = settings.RequirePixels(List);
        return StateSplines.Checked(List.TrimEnd('.'), () => new OnPixels<T>(layer, height, width));
    }

    private Transform<T>? ReadElementwise(string name)
    {
        if (Has("low") || Has("high"))
        {
            var low = source.TakeNumbers<double>(TensorSource.Join(name, "low"), -1);
            var high = source.TakeNumbers<double>(TensorSource.Join(name, "high"), low.Length);
            return StateSplines.Checked(name, () => new Box<T>(low, high, OwnName(name)));
        }

        if (Has("_scale"))
        {
            var scale = source.TakeNumbers<double>(TensorSource.Join(name, "_scale"), -1);
            var shift = source.TakeNumbers<double>(TensorSource.Join(name, "_shift"), scale.Length);
            return StateSplines.Checked(name, () => new FixedAffine<T>(scale, shift));
        }

        return new StateCdf<T>(source, splines).Read(name, OwnName(name));

        bool Has(string suffix) => source.Contains(TensorSource.Join(name, suffix));
    }

    /// <summary>Reads a permutation, π of z_j = x_π(j).</summary>
    public static Permutation<T> ReadPermutation(TensorSource source, string tensor)
    {
        var features = source.Take(tensor, -1).Count;
        var indices = source.TakeIntegers(tensor, 0, features - 1, features);
        return indices.Distinct().Count() == features
            ? new Permutation<T>(indices)
            : throw new ModelFormatException($"The tensor '{tensor}' is not a permutation of 0 to {features - 1}.");
    }

    /// <summary>Reads a linear map of a lower and an upper triangle.</summary>
    public static LuLinear<T> ReadLu(TensorSource source, string name, string own)
    {
        var features = source.Take(TensorSource.Join(name, "bias"), -1).Count;
        TakeTriangle(source, TensorSource.Join(name, "lower_entries"), features);
        TakeTriangle(source, TensorSource.Join(name, "upper_entries"), features);
        var layer = new LuLinear<T>(features, own);
        source.Fill(layer.Parameters, own, name);
        return layer;
    }

    // Looks before memory is taken: a file of a few numbers must not ask for the square of them. A triangle of one feature has no numbers.
    private static void TakeTriangle(TensorSource source, string tensor, long features) => source.Take(tensor, features * (features - 1) / 2);

    private static string OwnName(string name) => name.Length == 0 ? Root : name;
}
