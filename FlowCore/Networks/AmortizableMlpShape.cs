using System.Globalization;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>
/// A perceptron whose numbers all stand in one vector, so that they may be parameters or be given for every row by another network: jammy_flows'
/// AmortizableMLP with its low ranks and its five highway modes.
/// </summary>
/// <remarks>
/// <para>
/// A matrix of rank r is W = U V; it is kept whole where that takes no more numbers. In the vector each matrix has U [out, r], V [r, in] (or W [out, in])
/// and its bias, all row-major. tanh stands between the layers; L is a linear map of the input with a bias, the last in the vector, so that
/// its bias is the vector's tail.
/// </para>
/// <para>
/// Mode 0: a perceptron. 1: a perceptron without the last bias, + L. 2: the sum of networks of one hidden layer, one for each hidden size, without a last bias, + L.
/// 3: s = L; the first of such networks takes the input, every later one s, and each output is added to s. 4: as 3, but later ones take the input and s.
/// </para>
/// <para>Immutable.</para>
/// </remarks>
public sealed class AmortizableMlpShape
{
    private readonly Matrix[] _matrices;

    /// <summary>Sets the sizes.</summary>
    /// <param name="inputs">How many inputs, at least 1.</param>
    /// <param name="hiddenSizes">The units of each hidden layer; none for a linear map.</param>
    /// <param name="outputs">How many outputs, at least 1.</param>
    /// <param name="ranks">One for all matrices or one for each in the order of the vector; 0 or less for whole ones. Null for whole ones.</param>
    /// <param name="highwayMode">The mode, 0 to 4.</param>
    /// <exception cref="ArgumentException">A size is too small, or there are as many ranks as matrices neither nor one.</exception>
    public AmortizableMlpShape(int inputs, IReadOnlyList<int> hiddenSizes, int outputs, IReadOnlyList<int>? ranks = null, int highwayMode = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(hiddenSizes);
        ArgumentOutOfRangeException.ThrowIfNegative(highwayMode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(highwayMode, 4);
        foreach (var size in hiddenSizes)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(hiddenSizes));
        (Inputs, Outputs, HighwayMode) = (inputs, outputs, highwayMode);
        HiddenSizes = [.. hiddenSizes];
        var sizes = MatrixSizes().ToArray();
        Ranks = ranks is null ? [-1] : [.. ranks];
        if (Ranks.Count != 1 && Ranks.Count != sizes.Length)
            throw new ArgumentException($"Expected one rank for all matrices or {sizes.Length}, one for each, got {Ranks.Count}.", nameof(ranks));
        _matrices = new Matrix[sizes.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            var (inputsOfMatrix, outputsOfMatrix, hasBias) = sizes[i];
            var rank = Math.Min(Ranks[Ranks.Count == 1 ? 0 : i], Math.Min(inputsOfMatrix, outputsOfMatrix));
            if (rank <= 0 || (long)rank * (inputsOfMatrix + outputsOfMatrix) >= (long)inputsOfMatrix * outputsOfMatrix)
                rank = 0;
            _matrices[i] = new Matrix(inputsOfMatrix, outputsOfMatrix, rank, hasBias, ParameterCount);
            ParameterCount = checked(ParameterCount + _matrices[i].Count);
        }
    }

    /// <summary>How many inputs.</summary>
    public int Inputs { get; }

    /// <summary>How many outputs.</summary>
    public int Outputs { get; }

    /// <summary>The units of each hidden layer.</summary>
    public IReadOnlyList<int> HiddenSizes { get; }

    /// <summary>The ranks as they were given: one for all matrices or one for each.</summary>
    public IReadOnlyList<int> Ranks { get; }

    /// <summary>The highway mode.</summary>
    public int HighwayMode { get; }

    /// <summary>How many numbers the vector has.</summary>
    public int ParameterCount { get; }

    /// <summary>Sizes or ranks as definition strings have them, for example <c>64-30</c>; an empty text for none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it says, for the error.</param>
    /// <returns>The numbers.</returns>
    /// <exception cref="ArgumentException">It is not integers with hyphens between them.</exception>
    public static int[] ParseSizes(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
            return [];
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var one))
            return [one];
        var words = text.Split('-');
        var numbers = new int[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                throw new ArgumentException($"Expected integers with hyphens between them, such as \"64-30\", got \"{text}\".", name);
        }

        return numbers;
    }

    /// <summary>The outputs of a block.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, <see cref="Inputs"/>], a block.</param>
    /// <param name="numbers">The vector, shared [1, columns] or a block [rows, columns].</param>
    /// <param name="start">The column of it where this network's numbers begin.</param>
    /// <returns>[rows, <see cref="Outputs"/>].</returns>
    /// <exception cref="ArgumentException">A shape is wrong.</exception>
    public Variable<T> Apply<T>(Variable<T> x, Variable<T> numbers, int start = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!x.IsBlock || x.Columns != Inputs)
            throw new ArgumentException($"Expected a block of {Inputs} columns, got {OperandChecks.Shape(x)}.", nameof(x));
        if (HighwayMode == 0 || (HighwayMode == 1 && HiddenSizes.Count == 0))
            return Chain(x, numbers, start, 0, _matrices.Length);
        var line = _matrices[^1].Apply(x, numbers, start);
        if (HighwayMode == 1)
            return Chain(x, numbers, start, 0, _matrices.Length - 1) + line;
        var (sum, last) = (line, _matrices.Length - 1);
        for (var net = 0; net < last; net += 2)
        {
            var input = net == 0 || HighwayMode == 2 ? x : HighwayMode == 3 ? sum : VariableFunctions.Concatenate(x, sum);
            sum += Chain(input, numbers, start, net, net + 2);
        }

        return sum;
    }

    /// <summary>The outputs of a block and how they change as the inputs move: forward tangents, also where the tape does not record.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, <see cref="Inputs"/>], a block.</param>
    /// <param name="tangents">The directions, blocks [rows, <see cref="Inputs"/>]; become those of the outputs.</param>
    /// <param name="numbers">The vector, as in <see cref="Apply"/>.</param>
    /// <param name="start">The column of it where this network's numbers begin.</param>
    /// <returns>[rows, <see cref="Outputs"/>].</returns>
    internal Variable<T> ApplyWithTangents<T>(Variable<T> x, Span<Variable<T>> tangents, Variable<T> numbers, int start = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (HighwayMode == 0 || (HighwayMode == 1 && HiddenSizes.Count == 0))
            return ChainWithTangents(x, tangents, numbers, start, 0, _matrices.Length);
        var (inputs, of) = (tangents.ToArray(), tangents.ToArray());
        var sum = _matrices[^1].Apply(x, numbers, start);
        foreach (ref var tangent in tangents)
            tangent = _matrices[^1].Multiply(tangent, numbers, start);
        var last = _matrices.Length - 1;
        var length = HighwayMode == 1 ? last : 2;
        for (var net = 0; net < last; net += length)
        {
            var isFirst = net == 0 || HighwayMode == 2;
            var input = isFirst ? x : HighwayMode == 3 ? sum : VariableFunctions.Concatenate(x, sum);
            for (var i = 0; i < of.Length; i++)
                of[i] = isFirst ? inputs[i] : HighwayMode == 3 ? tangents[i] : VariableFunctions.Concatenate(inputs[i], tangents[i]);
            sum += ChainWithTangents(input, of, numbers, start, net, net + length);
            for (var i = 0; i < of.Length; i++)
                tangents[i] += of[i];
        }

        return sum;
    }

    /// <summary>Sets fresh numbers: whole matrices and biases uniform in ±1/√inputs, factors normal so that U V has the variance of a whole matrix.</summary>
    /// <param name="numbers">Receives <see cref="ParameterCount"/> numbers.</param>
    /// <param name="stream">Where random ones come from.</param>
    /// <param name="scale">What all matrices and biases are multiplied by.</param>
    /// <param name="lastBias">What the last bias is instead; null for a fresh one.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public void Fresh(Span<double> numbers, RandomStream stream, double scale = 1, double[]? lastBias = null)
    {
        if (numbers.Length != ParameterCount)
            throw new ArgumentException($"Expected room for {ParameterCount} numbers, got room for {numbers.Length}.", nameof(numbers));
        for (var i = 0; i < _matrices.Length; i++)
            _matrices[i].Fresh(numbers.Slice(_matrices[i].Start, _matrices[i].Count), stream.Substream((ulong)i), scale);
        if (lastBias is null)
            return;
        if (lastBias.Length != Outputs)
            throw new ArgumentException($"Expected {Outputs} numbers, got {lastBias.Length}.", nameof(lastBias));
        lastBias.CopyTo(numbers[^Outputs..]);
    }

    private Variable<T> Chain<T>(Variable<T> x, Variable<T> numbers, int start, int first, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = first; i < end; i++)
        {
            x = _matrices[i].Apply(x, numbers, start);
            if (i < end - 1)
                x = x.Tanh();
        }

        return x;
    }

    private Variable<T> ChainWithTangents<T>(Variable<T> x, Span<Variable<T>> tangents, Variable<T> numbers, int start, int first, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = first; i < end; i++)
        {
            x = _matrices[i].Apply(x, numbers, start);
            foreach (ref var tangent in tangents)
                tangent = _matrices[i].Multiply(tangent, numbers, start);
            if (i == end - 1)
                continue;
            x = x.Tanh();
            var slope = T.One - x.Square();
            foreach (ref var tangent in tangents)
                tangent *= slope;
        }

        return x;
    }

    private IEnumerable<(int Inputs, int Outputs, bool HasBias)> MatrixSizes()
    {
        if (HighwayMode is 0 or 1)
        {
            var hasPerceptron = HighwayMode == 0 || HiddenSizes.Count > 0;
            var inputs = Inputs;
            foreach (var size in HiddenSizes)
            {
                yield return (inputs, size, true);
                inputs = size;
            }

            if (hasPerceptron)
                yield return (inputs, Outputs, HighwayMode == 0);
        }
        else
        {
            for (var i = 0; i < HiddenSizes.Count; i++)
            {
                var inputs = i == 0 || HighwayMode == 2 ? Inputs : HighwayMode == 3 ? Outputs : Inputs + Outputs;
                yield return (inputs, HiddenSizes[i], true);
                yield return (HiddenSizes[i], Outputs, false);
            }
        }

        if (HighwayMode != 0)
            yield return (Inputs, Outputs, true);
    }

    /// <summary>One matrix, whole or of a rank, and where its numbers begin.</summary>
    private sealed record Matrix(int Inputs, int Outputs, int Rank, bool HasBias, int Start)
    {
        private int Weights => checked(Rank == 0 ? Inputs * Outputs : Rank * (Inputs + Outputs));

        public int Count => checked(Weights + (HasBias ? Outputs : 0));

        public Variable<T> Apply<T>(Variable<T> x, Variable<T> numbers, int start)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var y = Multiply(x, numbers, start);
            return HasBias ? y + numbers.Slice(start + Start + Weights, Outputs) : y;
        }

        // Without the bias.
        public Variable<T> Multiply<T>(Variable<T> x, Variable<T> numbers, int start)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var at = start + Start;
            return Rank == 0
                ? Product(x, numbers, at, Inputs, Outputs)
                : Product(Product(x, numbers, at + (Rank * Outputs), Inputs, Rank), numbers, at, Rank, Outputs);
        }

        public void Fresh(Span<double> numbers, RandomStream stream, double scale)
        {
            var bound = scale / Math.Sqrt(Inputs);
            stream.FillUniform(numbers);
            foreach (ref var number in numbers)
                number = ((2 * number) - 1) * bound;
            if (Rank == 0)
                return;

            // The variance of an entry of U V is r times the product of both: 1 / (3 in), that of the uniform law.
            var deviation = Math.Pow(3.0 * Inputs * Rank, -0.25);
            stream.Substream(1).FillNormal(numbers[..Weights]);
            for (var i = 0; i < Weights; i++)
                numbers[i] *= i < Rank * Outputs ? deviation * scale : deviation;
        }

        private static Variable<T> Product<T>(Variable<T> x, Variable<T> numbers, int at, int inputs, int outputs)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var weights = numbers.Slice(at, inputs * outputs);
            return weights.IsBlock
                ? weights.BatchedMultiply(x, outputs, inputs, 1)
                : LinearOperation<T>.Product.Apply(x, ReshapeOperation<T>.Of(inputs, outputs).Apply(weights), default);
        }
    }
}
