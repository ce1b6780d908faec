using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>Puts the factors and networks of a pdf together, with fresh parameters.</summary>
internal sealed class PdfParts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // jammy_flows' start of ln λ: a number of its own or beside other outputs, and a network of its own.
    private const double FreshLogMean = 0.1;
    private const double FreshLogMeanOfNetwork = -1;

    // A fresh network's numbers are divided by it.
    private const double LeastDamping = 1e-6;

    private readonly long _mostNumbers;

    /// <param name="definition">The strings.</param>
    /// <param name="options">The options.</param>
    /// <param name="mostNumbers">No array of parameters is made that has more numbers: what a file can hold.</param>
    public PdfParts(PdfDefinition definition, PdfOptions options, long mostNumbers = long.MaxValue)
    {
        (Definition, Options, _mostNumbers) = (definition, options, mostNumbers);
        var n = definition.Factors.Count;
        var conditions = options.ConditionColumns;
        CheckLists(options, n);
        CheckIntervals(definition);
        if (options.IsFullyAmortized && options.TakesParameters)
            throw new ArgumentException($"Expected a pdf that is fully amortised or one that takes its parameters, got {nameof(options.IsFullyAmortized)} and {nameof(options.TakesParameters)}.", nameof(options));
        if (options.IsFullyAmortized && (conditions.Count != 1 || conditions[0] == 0))
            throw new ArgumentException("Expected one condition for all factors of a fully amortised pdf, got none or one for each.", nameof(options));
        if (!(options.DampingFactor >= LeastDamping && double.IsFinite(options.DampingFactor)))
            throw new ArgumentException($"Expected a {nameof(PdfOptions.DampingFactor)} of at least {LeastDamping} that is finite, got {options.DampingFactor}.", nameof(options));
        CheckOverrides(definition, options.Layers);
        ConditionColumns = conditions.Sum();
        if (options is { ConditionScale: not null, TakesParameters: true })
            throw new ArgumentException($"Expected a pdf that scales its condition or one that takes its parameters behind it, got {nameof(options.ConditionScale)} and {nameof(options.TakesParameters)}.", nameof(options));
        ConditionScale = new FixedStandardization<T>(options.ConditionScale, ConditionColumns, "condition", nameof(options));
        var stream = options.Initialization ?? FreshParameters.StreamOf($"{definition.ManifoldText} {definition.LayerText}");
        Factors = new PdfFactor<T>[n];
        var (noise, links, condition, outerCount) = (0, 0, 0, 0);
        var outerBias = new List<double>();
        for (var k = 0; k < n; k++)
        {
            var manifold = definition.Factors[k];
            var chain = new LayerChain<T>(manifold, CreateLayers(k));
            var coordinates = One(options.Coordinates, k);
            var ofFactor = conditions.Count == 0 ? (0, 0) : conditions.Count == 1 ? (0, conditions[0]) : (condition, conditions[k]);
            condition += conditions.Count > 1 ? conditions[k] : 0;
            CheckSize(chain.ParameterCount, 1);
            var fresh = chain.Fresh(stream.Substream((ulong)k));
            var outputs = chain.ParameterCount + (k == 0 && JoinsLogMean ? 1 : 0);
            var inputs = ofFactor.Item2 + links;
            Parameter<T>[]? own = null;
            Network<T>? network = null;
            AmortizableMlpShape? inner = null;
            var outerStart = outerCount;
            if (options.IsFullyAmortized || options.TakesParameters)
            {
                var numbers = fresh;
                if ((options.TakesParameters ? inputs : k) > 0 && chain.ParameterCount > 0)
                {
                    inner = options.TakesParameters ? Shape(options, options.NetworkRanks, k, inputs, chain.ParameterCount) : InnerShape(options, k, links, chain.ParameterCount);
                    CheckSize(inner.ParameterCount, 1);
                    numbers = new double[inner.ParameterCount];
                    inner.Fresh(numbers, stream.Substream((ulong)(n + k)), 1 / options.DampingFactor, fresh);
                }

                outerBias.AddRange(numbers);
                outerCount += numbers.Length;
            }
            else if (inputs == 0)
            {
                own = chain.CreateParameters($"layer_list.{k}");
                Write(own, fresh);
            }
            else if (outputs > 0)
            {
                var bias = outputs > chain.ParameterCount ? [.. fresh, FreshLogMean] : fresh;
                network = CreateNetwork($"mlp_predictors.{k}", k, inputs, outputs, bias, stream.Substream((ulong)(n + k)));
            }

            Factors[k] = new PdfFactor<T>(manifold, chain, coordinates)
            {
                NoiseStart = noise,
                Condition = options.IsFullyAmortized ? (0, 0) : ofFactor,
                LinksBefore = links,
                Own = own,
                Network = network,
                Inner = inner,
                OuterStart = outerStart,
            };
            noise += manifold.NoiseColumns;
            links += manifold.LinkColumns;
        }

        Columns = Factors.Sum(factor => factor.ColumnsIn(factor.Coordinates));
        CreateLogMean(stream.Substream((ulong)(2 * n)), outerBias);
        FreshVector = options.TakesParameters ? [.. outerBias] : [];
        ConditionColumns += FreshVector.Length;
        if (options.IsFullyAmortized)
        {
            var ranks = options.NetworkRanks is ["-1"] ? ["5"] : options.NetworkRanks;
            var shape = Shape(options, ranks, 0, ConditionColumns, outerBias.Count);
            CheckSize(shape.ParameterCount, 1);
            var outer = new AmortizableMlp<T>(shape, "amortization_mlp");
            outer.Fresh(stream.Substream((ulong)n), 1 / options.DampingFactor, [.. outerBias]);
            Outer = outer;
        }
    }

    public PdfDefinition Definition { get; }

    public PdfOptions Options { get; }

    public PdfFactor<T>[] Factors { get; }

    /// <summary>What conditions pass before any network reads them.</summary>
    public FixedStandardization<T> ConditionScale { get; }

    public Network<T>? Outer { get; }

    public Network<T>? LogMeanNetwork { get; private set; }

    public Parameter<T>? LogMean { get; private set; }

    public int ConditionColumns { get; }

    /// <summary>Fresh numbers of a pdf whose rows bring them; empty for others.</summary>
    public double[] FreshVector { get; }

    public int Columns { get; }

    private bool JoinsLogMean => Options is { PredictsLogMean: true, JoinsLogMean: true, IsFullyAmortized: false, TakesParameters: false } && FirstConditionColumns > 0;

    private int FirstConditionColumns => Options.ConditionColumns.Count == 0 ? 0 : Options.ConditionColumns[0];

    /// <summary>All parameters, in the order of state dictionaries.</summary>
    public IEnumerable<Parameter<T>> AllParameters()
    {
        foreach (var factor in Factors)
        {
            foreach (var parameter in factor.Own ?? [])
                yield return parameter;
        }

        foreach (var factor in Factors)
        {
            foreach (var parameter in factor.Network?.Parameters ?? [])
                yield return parameter;
        }

        foreach (var parameter in Outer?.Parameters ?? [])
            yield return parameter;
        foreach (var parameter in LogMeanNetwork?.Parameters ?? [])
            yield return parameter;
        if (LogMean is not null)
            yield return LogMean;
    }

    private static void CheckLists(PdfOptions options, int n)
    {
        ArgumentNullException.ThrowIfNull(options.ConditionColumns, nameof(PdfOptions.ConditionColumns));
        foreach (var columns in options.ConditionColumns)
            ArgumentOutOfRangeException.ThrowIfNegative(columns, nameof(PdfOptions.ConditionColumns));
        if (options.ConditionColumns.Count > 1 && options.ConditionColumns.Count != n)
            throw Mismatch(nameof(PdfOptions.ConditionColumns), n, options.ConditionColumns.Count);
        CheckList(options.Coordinates, n, nameof(PdfOptions.Coordinates));
        foreach (var which in options.Coordinates)
        {
            if (!Enum.IsDefined(which))
                throw Wrong($"Expected coordinates that there are, got {which}.", nameof(PdfOptions.Coordinates));
        }

        CheckList(options.NetworkSizes, n, nameof(PdfOptions.NetworkSizes));
        CheckList(options.NetworkRanks, n, nameof(PdfOptions.NetworkRanks));
        CheckList(options.InnerNetworkSizes, n, nameof(PdfOptions.InnerNetworkSizes));
        CheckList(options.InnerNetworkRanks, n, nameof(PdfOptions.InnerNetworkRanks));
        ArgumentNullException.ThrowIfNull(options.LogMeanNetworkSizes, nameof(PdfOptions.LogMeanNetworkSizes));
        ArgumentNullException.ThrowIfNull(options.Layers, nameof(PdfOptions.Layers));
    }

    private static void CheckList<TItem>(IReadOnlyList<TItem> items, int n, string name)
    {
        ArgumentNullException.ThrowIfNull(items, name);
        if (items.Count != 1 && items.Count != n)
            throw Mismatch(name, n, items.Count);
        foreach (var item in items)
            ArgumentNullException.ThrowIfNull(item, name);
    }

    // Ends that single precision does not hold, or does not tell apart.
    private static void CheckIntervals(PdfDefinition definition)
    {
        foreach (var factor in definition.Factors.Where(factor => factor.Kind == ManifoldKind.Interval))
        {
            var (lower, upper) = (T.CreateTruncating(factor.Lower), T.CreateTruncating(factor.Upper));
            if (!(lower < upper && T.IsFinite(upper - lower) && T.IsFinite(T.One / (upper - lower))))
                throw Wrong($"Expected an interval whose ends and width are numbers of the type {typeof(T).Name}, got {factor}.", "manifolds");
        }
    }

    // What is said of no layer is said in vain: a slip of the pen.
    private static void CheckOverrides(PdfDefinition definition, IReadOnlyList<LayerOverride> overrides)
    {
        foreach (var said in overrides)
        {
            ArgumentNullException.ThrowIfNull(said, nameof(PdfOptions.Layers));
            var isFound = false;
            for (var k = 0; k < definition.Letters.Count; k++)
            {
                for (var l = 0; l < definition.Letters[k].Length; l++)
                    isFound |= said.Matches(k, l, definition.Letters[k][l]);
            }

            if (!isFound)
                throw Wrong($"Expected options of letters that stand in \"{definition.LayerText}\", got some of '{said.Letter}'{Place(said)}.", nameof(PdfOptions.Layers));
        }
    }

    private static string Place(LayerOverride said) => (said.Factor, said.Position) switch
    {
        (null, _) => "",
        ({ } factor, null) => $" in factor {factor}",
        var (factor, position) => $" in factor {factor} at position {position}",
    };

    private ManifoldLayer<T>[] CreateLayers(int k)
    {
        var (manifold, letters) = (Definition.Factors[k], Definition.Letters[k]);
        var layers = new ManifoldLayer<T>[letters.Length];
        for (var l = 0; l < letters.Length; l++)
        {
            var letter = LayerLetters.Find(manifold, letters[l])!;
            LayerOverride? best = null;
            foreach (var candidate in Options.Layers)
            {
                if (candidate.Matches(k, l, letters[l]) && (best is null || candidate.Specificity >= best.Specificity))
                    best = candidate;
            }

            layers[l] = letter.Create<T>(manifold, new LayerOptions(letter, best?.Options), new LayerPlace(l, letters.Length));
        }

        return layers;
    }

    private Network<T> CreateNetwork(string name, int k, int inputs, int outputs, double[] bias, RandomStream stream)
    {
        if (Options.UsesCustomNetworks)
        {
            var shape = Shape(Options, Options.NetworkRanks, k, inputs, outputs);
            CheckSize(shape.ParameterCount, 1);
            var network = new AmortizableMlp<T>(shape, name);
            network.Fresh(stream, 1 / Options.DampingFactor, bias);
            return network;
        }

        var sizes = AmortizableMlpShape.ParseSizes(One(Options.NetworkSizes, k), nameof(PdfOptions.NetworkSizes));
        return Damped([inputs, .. sizes, outputs], name, stream, bias, lastOnly: false);
    }

    private void CreateLogMean(RandomStream stream, List<double> outerBias)
    {
        if (!Options.PredictsLogMean || JoinsLogMean)
            return;
        if (Options.IsFullyAmortized || Options.TakesParameters)
        {
            outerBias.Add(FreshLogMean);
        }
        else if (FirstConditionColumns == 0)
        {
            LogMean = new Parameter<T>("log_normalization", 1, 1, isVector: true);
            LogMean.Write([T.CreateTruncating(FreshLogMean)]);
        }
        else
        {
            var sizes = AmortizableMlpShape.ParseSizes(Options.LogMeanNetworkSizes, nameof(PdfOptions.LogMeanNetworkSizes));
            LogMeanNetwork = Damped([FirstConditionColumns, .. sizes, 1], "log_normalization_mlp", stream, [FreshLogMeanOfNetwork], lastOnly: true);
        }
    }

    private Mlp<T> Damped(int[] sizes, string name, RandomStream stream, double[] bias, bool lastOnly)
    {
        for (var i = 1; i < sizes.Length; i++)
            CheckSize(sizes[i - 1], sizes[i]);
        var network = new Mlp<T>(sizes, UnaryFunction.Tanh, name, stream);
        var count = network.Parameters.Count;
        for (var i = lastOnly ? count - 2 : 0; i < count - 1; i++)
        {
            var values = new T[network.Parameters[i].Length];
            network.Parameters[i].Read(values);
            network.Parameters[i].Write(Array.ConvertAll(values, value => value / T.CreateTruncating(Options.DampingFactor)));
        }

        network.Parameters[count - 1].Write(Array.ConvertAll(bias, T.CreateTruncating));
        return network;
    }

    private void CheckSize(long rows, long columns)
    {
        if (rows * columns > _mostNumbers)
            throw Wrong($"Expected parameters of at most {_mostNumbers} numbers, got {rows} × {columns}.", "options");
    }

    private static AmortizableMlpShape InnerShape(PdfOptions options, int k, int inputs, int outputs) => new(
        inputs, AmortizableMlpShape.ParseSizes(One(options.InnerNetworkSizes, k), nameof(PdfOptions.InnerNetworkSizes)), outputs,
        AmortizableMlpShape.ParseSizes(One(options.InnerNetworkRanks, k), nameof(PdfOptions.InnerNetworkRanks)), options.InnerHighwayMode);

    private static AmortizableMlpShape Shape(PdfOptions options, IReadOnlyList<string> ranks, int k, int inputs, int outputs) => new(
        inputs, AmortizableMlpShape.ParseSizes(One(options.NetworkSizes, k), nameof(PdfOptions.NetworkSizes)), outputs,
        AmortizableMlpShape.ParseSizes(One(ranks, k), nameof(PdfOptions.NetworkRanks)), options.HighwayMode);

    private static TItem One<TItem>(IReadOnlyList<TItem> items, int k) => items.Count == 1 ? items[0] : items[k];

    private static ArgumentException Wrong(string message, string name) => new(message, name);

    private static ArgumentException Mismatch(string name, int factors, int count) =>
        new($"Expected one of {name} for all factors or {factors}, one for each, got {count}.", name);

    private static void Write(Parameter<T>[] parameters, double[] numbers)
    {
        var at = 0;
        foreach (var parameter in parameters)
        {
            parameter.Write(Array.ConvertAll(numbers[at..(at + parameter.Length)], T.CreateTruncating));
            at += parameter.Length;
        }
    }
}
