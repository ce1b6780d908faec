using FlowCore.Autodiff;
using FlowCore.Manifolds;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Tests.Manifolds;

/// <summary>The laws that every layer of a density on a manifold obeys; <c>new ManifoldLayerCheck(letter, manifold).Run().ThrowIfFailed()</c> in a test is all.</summary>
/// <remarks>
/// Both directions undo each other and give one ld, which is that of the Jacobian of the tape; adjoints, by the state and by parameters, shared or one row for
/// every event, are those of central differences; parameters that every row has give what shared ones do; a row's bits depend neither on its neighbours nor on
/// the cut into blocks; single precision follows double. Parameters are fresh ones plus <see cref="Spread"/> normal numbers.
/// </remarks>
internal sealed class ManifoldLayerCheck
{
    private readonly LayerLetter _letter;
    private readonly Manifold _manifold;
    private readonly LayerOptions _options;
    private readonly LayerPlace _place;
    private readonly string _said;

    public ManifoldLayerCheck(LayerLetter letter, Manifold manifold, LayerPlace? place = null, params (string Name, OptionValue Value)[] options)
    {
        _letter = letter;
        _manifold = manifold;
        _options = new LayerOptions(letter, options.ToDictionary(option => option.Name, option => option.Value));
        _place = place ?? new LayerPlace(0, 1);
        _said = string.Join(", ", options.Select(option => $"{option.Name} {option.Value}"));
    }

    /// <summary>How many rows: more than a register holds and no multiple of it.</summary>
    public int Rows { get; init; } = 19;

    /// <summary>How many of them gradients are checked on.</summary>
    public int GradientRows { get; init; } = 3;

    /// <summary>The standard deviation of what is added to the fresh parameters; 1.5 is the hard set.</summary>
    public double Spread { get; init; } = 0.3;

    /// <summary>The standard deviation of numbers on the real line.</summary>
    public double Reach { get; init; } = 1.5;

    /// <summary>The seed of the rows and of the parameters.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>For round trips and their ld, in units of a rounding carried through the map.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>For ld against ln |det J|, relative to 1 + |ld|.</summary>
    public double JacobianTolerance { get; init; } = 1e-9;

    /// <summary>For gradients against central differences, relative.</summary>
    public double GradientTolerance { get; init; } = 1e-6;

    /// <summary>For single against double precision: three digits more than a rounding.</summary>
    public double SingleTolerance { get; init; } = 1e-4;

    public LawReport Run()
    {
        var layer = _letter.Create<double>(_manifold, _options, _place);
        var single = _letter.Create<float>(_manifold, _options, _place);
        var stream = new RandomStream(Seed);

        // The numbers that single precision has, so that only arithmetic differs.
        var parameters = Rounded(Parameters(layer, stream.Substream(1), Rows));
        var shared = parameters[..layer.ParameterCount];
        using var evaluation = new LayerEvaluation<double>(layer, Rows);
        using var singles = new LayerEvaluation<float>(single, Rows);
        var laws = new List<LawResult>();
        foreach (var sample in (bool[])[false, true])
        {
            var free = Rounded(StateCoordinates.Draw(_manifold, Rows, Reach, stream.Substream(sample ? 3u : 2u)));
            var states = StateCoordinates.States(_manifold, free);
            foreach (var numbers in layer.ParameterCount == 0 ? (double[][])[shared] : [shared, parameters])
            {
                var isShared = ReferenceEquals(numbers, shared);
                var direction = new LayerDirection(_manifold, evaluation, sample, states, numbers, isShared);
                var name = $"{direction.Name} with {(isShared ? "shared" : "its own")} parameters";
                laws.AddRange(direction.Returns(Tolerance).Select(law => law with { Law = $"{name}: {law.Law}" }));
                laws.Add(direction.HasDeterminant(JacobianTolerance));
                laws.Add(Gradients(layer, sample, free, numbers, isShared, name));
                laws.Add(OwnBits(evaluation, name, sample, states, numbers, isShared));
                laws.Add(Single(evaluation, singles, sample, states, numbers, isShared, name));
                laws.Add(OwnBits(singles, $"{name}, single precision", sample, Single(states), Single(numbers), isShared));
                if (!isShared || layer.ParameterCount == 0)
                    continue;
                var repeated = evaluation.Apply(sample, states, Repeat(shared, Rows), areShared: false);
                laws.Add(direction.IsFollowedBy(repeated.Values, repeated.LogDet, $"{direction.Name}: shared parameters do what rows of the same do", Tolerance));
            }
        }

        return new LawReport($"'{_letter.Letter}' on {_manifold}, {_place}, {(_said.Length == 0 ? "default options" : _said)}, spread {Spread}, seed {Seed}", laws);
    }

    private double[] Parameters(ManifoldLayer<double> layer, RandomStream stream, int rows)
    {
        var fresh = new double[layer.ParameterCount];
        layer.Fresh(fresh, stream.Substream(0));
        var all = Repeat(fresh, rows);
        var noise = new double[all.Length];
        stream.Substream(1).FillNormal<double>(noise);
        for (var i = 0; i < all.Length; i++)
            all[i] += Spread * noise[i];
        return all;
    }

    private LawResult Gradients(ManifoldLayer<double> layer, bool sample, double[] free, double[] parameters, bool isShared, string name)
    {
        var check = new GradientCheck(GradientRows).AmongKinks(GradientTolerance);
        check.Block(free.AsSpan(0, GradientRows * StateCoordinates.FreeColumns(_manifold)), StateCoordinates.FreeColumns(_manifold));
        if (layer.ParameterCount > 0 && isShared)
            check.SharedRow(parameters);
        else if (layer.ParameterCount > 0)
            check.Block(parameters.AsSpan(0, GradientRows * layer.ParameterCount), layer.ParameterCount);
        var deviation = check.Run((tape, leaves) =>
        {
            var state = StateCoordinates.OnManifold(_manifold, leaves[0]);
            var y = LayerEvaluation<double>.Map(layer, sample, state, leaves.Length > 1 ? leaves[1] : default, out var logDet);
            return VariableFunctions.Concatenate(StateCoordinates.Smooth(_manifold, y), logDet);
        });
        return new LawResult($"{name}: adjoints are those of central differences", deviation.Relative, GradientTolerance, deviation.ToString());
    }

    private LawResult Single(
        LayerEvaluation<double> evaluation, LayerEvaluation<float> singles, bool sample, double[] states, double[] parameters, bool isShared, string name)
    {
        var rounded = Single(states);
        var twin = new LayerDirection(_manifold, evaluation, sample, Array.ConvertAll(rounded, value => (double)value), parameters, isShared);
        var (values, logDet) = singles.Apply(sample, rounded, Single(parameters), isShared);
        return twin.IsFollowedBy(values, logDet, $"{name}: single precision follows double", SingleTolerance);
    }

    // A row alone, rows in reverse order and rows between NaN have the same bits.
    private LawResult OwnBits<T>(LayerEvaluation<T> evaluation, string name, bool sample, T[] states, T[] parameters, bool isShared)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (expected, expectedLogDet) = evaluation.Apply(sample, states, parameters, isShared);
        var pairs = new List<(string, T[], T[])>();
        var all = Enumerable.Range(0, Rows).ToArray();
        Compare("rows in reverse order", [.. all.Reverse()], states);
        Compare("the first part", all[..(Rows / 3)], states);
        Compare("the rest", all[(Rows / 3)..], states);
        // Twice, as one row of own parameters would count as shared ones.
        Compare("one row", isShared ? [Rows - 1] : [Rows - 1, Rows - 1], states);
        var spoilt = states.ToArray();
        for (var row = 1; row < Rows; row += 2)
            spoilt.AsSpan(row * _manifold.StateColumns, _manifold.StateColumns).Fill(T.NaN);
        Compare("even rows between rows of NaN", all, spoilt, counted: row => row % 2 == 0);
        return WorstDeviation.Bits($"{name}: a row's bits are its own", pairs);

        void Compare(string what, int[] rows, T[] from, Func<int, bool>? counted = null)
        {
            var (values, logDet) = evaluation.Apply(sample, Pick(from, rows), isShared ? parameters : Pick(parameters, rows), isShared);
            var columns = _manifold.StateColumns;
            for (var i = 0; i < rows.Length; i++)
            {
                if (counted is not null && !counted(rows[i]))
                    continue;
                pairs.Add(($"row {rows[i]}, {what}", expected[(rows[i] * columns)..((rows[i] + 1) * columns)], values[(i * columns)..((i + 1) * columns)]));
                pairs.Add(($"ld of row {rows[i]}, {what}", [expectedLogDet[rows[i]]], [logDet[i]]));
            }
        }
    }

    private T[] Pick<T>(T[] values, int[] rows)
    {
        var columns = values.Length / Rows;
        var picked = new T[rows.Length * columns];
        for (var i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * columns, columns).CopyTo(picked.AsSpan(i * columns));
        return picked;
    }

    private static double[] Repeat(double[] row, int times)
    {
        var all = new double[row.Length * times];
        for (var i = 0; i < times; i++)
            row.CopyTo(all, i * row.Length);
        return all;
    }

    private static float[] Single(double[] values) => Array.ConvertAll(values, value => (float)value);

    private static double[] Rounded(double[] values) => Array.ConvertAll(values, value => (double)(float)value);
}
