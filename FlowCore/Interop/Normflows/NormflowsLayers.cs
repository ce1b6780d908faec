using System.Numerics;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>The layers of normflows, each as it leads from data to noise. Their classes are not stored; the names of their tensors tell.</summary>
/// <param name="source">The tensors.</param>
/// <param name="settings">What they do not say.</param>
/// <param name="splines">The splines.</param>
/// <param name="onLine">Whether angles are to go on as straight lines.</param>
internal sealed class NormflowsLayers<T>(TensorSource source, StateSettings settings, StateSplines splines, bool onLine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The name of a layer that is the whole model.
    private const string Root = "flows";

    private const string Channel = "channel";
    private const string OtherChannel = "channel-inv";
    private const string LeakyPlanar = "planar-leaky-relu";

    // The slope of planar layers with leaky ReLU.
    private const double PlanarSlope = 0.2;

    /// <summary>Whether a word is a choice that the tensors of a layer cannot show.</summary>
    public static bool IsChoice(string word) => word is Channel or OtherChannel or LeakyPlanar;

    /// <summary>Reads a layer.</summary>
    /// <param name="name">What its names begin with; empty for nothing.</param>
    /// <param name="choice">What the caller says of it, or null.</param>
    public Transform<T> Read(string name, string? choice)
    {
        var own = name.Length == 0 ? Root : name;
        if (Any("prqct."))
            return new StateCoupling<T>(source, settings, splines).Read(Name("prqct"), own, (alone, _) => Unknown(alone), onLine);

        if (Any("mprqat."))
            return new StateMade<T>(source, settings, splines).Read(Name("mprqat"), own, MadeFlavour.Normflows, onLine);

        if (Any("autoregressive_net."))
            return new Inverted<T>(new StateMade<T>(source, settings, splines).Read(name, own, MadeFlavour.Normflows));

        if (Any("flows.1.param_map."))
            return new Inverted<T>(ReadBlock(Name("flows.1.param_map"), own, choice));

        if (Has("permutation._permutation"))
        {
            var permutation = NflowsLayers<T>.ReadPermutation(source, Name("permutation._permutation"));
            var linear = NflowsLayers<T>.ReadLu(source, Name("linear"), $"{own}.linear");
            return StateLayers.Compose<T>([permutation, linear], own);
        }

        return ReadNumbers(name, own, choice);

        string Name(string suffix) => TensorSource.Join(name, suffix);

        bool Has(string suffix) => source.Contains(Name(suffix));

        bool Any(string prefix) => source.Any(Name(prefix));
    }

    private Transform<T> ReadNumbers(string name, string own, string? choice)
    {
        if (Has("perm"))
        {
            var permutation = NflowsLayers<T>.ReadPermutation(source, Name("perm"));
            var inverse = source.TakeIntegers(Name("inv_perm"), 0, permutation.Features - 1, permutation.Features);
            return inverse.AsSpan().SequenceEqual(permutation.InverseIndices)
                ? new Permutation<T>(inverse)
                : throw new ModelFormatException($"The tensor '{Name("inv_perm")}' is not the inverse of '{Name("perm")}'.");
        }

        if (Has("u") && Has("w"))
        {
            var features = checked((int)source.Take(Name("u"), 1, -1).Shape[1]);
            var planar = new Planar<T>(features, own, choice == LeakyPlanar ? PlanarFunction.LeakyReLU : PlanarFunction.Tanh, PlanarSlope);
            planar.Parameters[0].Write(source.TakeNumbers<T>(Name("u"), 1, features));
            planar.Parameters[1].Write(source.TakeNumbers<T>(Name("w"), 1, features));
            planar.Parameters[2].Write(source.TakeNumbers<T>(Name("b"), 1));
            return new Inverted<T>(planar);
        }

        if (Has("z_0"))
            return new Inverted<T>(ReadRadial(name, own));

        if (Has("b"))
            return new Inverted<T>(ReadMasked(name, own));

        if (Has("s") && Has("t"))
        {
            var features = checked((int)source.Take(Name("s"), 1, -1).Shape[1]);
            var isStarted = !Has("data_dep_init_done") || source.TakeFlags(Name("data_dep_init_done"))[0];
            var norm = new ActNorm<T>(features, own, isStarted);
            norm.Parameters[0].Write(source.TakeNumbers<T>(Name("s"), 1, features));
            norm.Parameters[1].Write(source.TakeNumbers<T>(Name("t"), 1, features));
            return new Inverted<T>(norm);
        }

        return Has("W") ? ReadDense(name, own) : Has("log_S") ? ReadPivoted(name, own) : Unknown(name);

        string Name(string suffix) => TensorSource.Join(name, suffix);

        bool Has(string suffix) => source.Contains(Name(suffix));
    }

    private Radial<T> ReadRadial(string name, string own)
    {
        string Name(string suffix) => TensorSource.Join(name, suffix);
        var features = checked((int)source.Take(Name("z_0"), 1, -1).Shape[1]);
        if (source.TakeIntegers(Name("d"), 1, int.MaxValue)[0] != features)
            throw new ModelFormatException($"The tensor '{Name("d")}' does not hold the number of features, {features}.");

        var radial = new Radial<T>(features, own);
        radial.Parameters[0].Write(source.TakeNumbers<T>(Name("beta"), 1));
        radial.Parameters[1].Write(source.TakeNumbers<T>(Name("alpha"), 1));
        radial.Parameters[2].Write(source.TakeNumbers<T>(Name("z_0"), 1, features));
        return radial;
    }

    // A row is multiplied from the right, so the weight of a linear layer is the transpose.
    private DenseLinear<T> ReadDense(string name, string own)
    {
        var tensor = TensorSource.Join(name, "W");
        var features = checked((int)source.Take(tensor, -1, -1).Shape[0]);
        var matrix = source.TakeNumbers<T>(tensor, features, features);
        var dense = new DenseLinear<T>(features, own);
        dense.Parameters[1].Write(Transposed(matrix, features));
        return dense;
    }

    private PivotedLuLinear<T> ReadPivoted(string name, string own)
    {
        string Name(string suffix) => TensorSource.Join(name, suffix);
        var features = source.Take(Name("log_S"), -1).Count;
        var matrix = source.TakeFlags(Name("P"), features, features);
        var permutation = new int[features];
        for (var column = 0; column < features; column++)
        {
            var rows = Enumerable.Range(0, features).Where(row => matrix[(row * features) + column]).ToList();
            permutation[column] = rows.Count == 1 && !permutation.AsSpan(0, column).Contains(rows[0])
                ? rows[0]
                : throw new ModelFormatException($"The tensor '{Name("P")}' is not the matrix of a permutation.");
        }

        var eye = source.TakeFlags(Name("eye"), features, features);
        if (eye.Where((one, i) => one != (i / features == i % features)).Any())
            throw new ModelFormatException($"The tensor '{Name("eye")}' is not the identity.");

        var signs = source.TakeIntegers(Name("sign_S"), -1, 1, features);
        if (signs.Contains(0))
            throw new ModelFormatException($"The tensor '{Name("sign_S")}' holds 0; expected -1 or 1.");

        var layer = new PivotedLuLinear<T>(permutation, Array.ConvertAll(signs, sign => sign < 0), own);
        source.Fill(layer.Parameters, own, name);
        return layer;
    }

    // x = b z + (1 - b) (z e^s(b z) + t(b z)), from noise to data.
    private Coupling<T> ReadMasked(string name, string own)
    {
        var mask = TensorSource.Join(name, "b");
        var features = checked((int)source.Take(mask, 1, -1).Shape[1]);
        var passes = source.TakeFlags(mask, 1, features);
        return StateSplines.Checked(mask, () => new Coupling<T>(
            new Affine<T>(new AffineSettings()), passes, new ShiftScaleNetwork<T>(passes, Network("t"), Network("s")), order: ParameterOrder.ByKind));

        Mlp<T>? Network(string suffix)
        {
            var network = TensorSource.Join(name, suffix);
            return !source.Any($"{network}.") ? null
                : StateNetworks.ReadMlp<T>(source, settings, network, $"{own}.{suffix}")
                    ?? throw new ModelFormatException($"Expected a perceptron as '{network}', got {StateNetworks.First(source, $"{network}.")}.");
        }
    }

    // A split, an affine coupling and a merge, from noise to data.
    private Coupling<T> ReadBlock(string name, string own, string? choice)
    {
        var network = StateNetworks.ReadMlp<T>(source, settings, name, $"{own}.param_map")
            ?? throw new ModelFormatException($"Expected a perceptron as '{name}', got {StateNetworks.First(source, $"{name}.")}.");

        // The first half is the larger one. Two outputs a feature are an affine map, and one a shift.
        var (inputs, outputs) = (network.Inputs, network.Outputs);
        var isOther = choice == OtherChannel;
        foreach (var perFeature in (int[])[2, 1])
        {
            var changing = outputs / perFeature;
            var more = isOther ? changing - inputs : inputs - changing;
            if (outputs % perFeature != 0 || more is not (0 or 1))
                continue;

            var passes = Coupling<T>.Halves(inputs + changing, !isOther);
            Univariate<T> univariate = perFeature == 1 ? new Additive<T>() : AffineOf(own);
            return StateSplines.Checked(own, () => new Coupling<T>(univariate, passes, network));
        }

        throw new ModelFormatException(
            $"The network '{name}' has {inputs} inputs and {outputs} outputs, which are not those of a coupling between {(isOther ? "the second and the first" : "the first and the second")} half; "
            + $"{OtherChannel} in --layers ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Layers)}) says that the second half passes.");
    }

    private Affine<T> AffineOf(string own)
    {
        if (settings.Scale is null)
            settings.Assume(new StateAssumption("the scale of affine couplings", "exp(u)", nameof(StateDictionaryOptions.Scale)));

        return StateSplines.Checked(own, () => new Affine<T>(settings.Scale ?? new AffineSettings()));
    }

    private Transform<T> Unknown(string name) => throw new ModelFormatException(
        $"Expected a layer of normflows that is known, got {StateNetworks.First(source, TensorSource.Join(name, ""))} in '{name}', which is not supported.");

    private static T[] Transposed(T[] matrix, int size)
    {
        var result = new T[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
            result[(i % size * size) + (i / size)] = matrix[i];
        return result;
    }
}
