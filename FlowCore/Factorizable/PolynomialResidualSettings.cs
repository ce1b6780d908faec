using System.Numerics;
using FlowCore.Parts;

namespace FlowCore.Factorizable;

/// <summary>The settings of a <see cref="PolynomialResidual{T}"/>.</summary>
public sealed record PolynomialResidualSettings
{
    /// <summary>D, the number of features, at least 1.</summary>
    public required int Features { get; init; }

    /// <summary>C, the number of context columns; 0 without context.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>K, the number of nuisance parameters, at least 1.</summary>
    public required int Nuisances { get; init; }

    /// <summary>How many layers, with a reversal of the features between them; 0 for the identity.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>The units of each hidden layer of every network.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 64];

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.Elu;

    /// <summary>The value of each nuisance at which the residual is the identity; null for zeros.</summary>
    public IReadOnlyList<double>? CentralValues { get; init; }

    /// <summary>The scale of each nuisance, finite and not zero; null for ones.</summary>
    public IReadOnlyList<double>? Scales { get; init; }

    /// <summary>The pairs (i, j), i &lt; j, of nuisances that interact.</summary>
    public IReadOnlyList<(int First, int Second)> CrossTerms { get; init; } = [];

    /// <summary>q, the damping of the quadratic terms.</summary>
    public double QuadraticDamping { get; init; } = 0.01;

    /// <summary>r, the damping of the cross terms.</summary>
    public double CrossTermDamping { get; init; } = 0.01;

    /// <summary>+1, or −1 where log|det J| is counted the other way.</summary>
    public double LogDetSign { get; init; } = 1;

    /// <summary>The seed of the fresh hidden layers; the last layers start at zero.</summary>
    public ulong Seed { get; init; }

    internal static PolynomialResidualSettings Read<T>(PartReader<T> reader)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pairs = reader.Integers("cross_terms");
        if (pairs.Length % 2 != 0)
            throw new ArgumentException($"Expected pairs of nuisances as cross terms, got {pairs.Length} numbers.", nameof(reader));
        var crossTerms = new (int, int)[pairs.Length / 2];
        for (var p = 0; p < crossTerms.Length; p++)
            crossTerms[p] = (pairs[2 * p], pairs[(2 * p) + 1]);
        return new PolynomialResidualSettings
        {
            Features = reader.Size("features"),
            ContextFeatures = reader.Count("context"),
            Nuisances = reader.Size("nuisances"),
            Layers = reader.Count("layers"),
            HiddenSizes = reader.Integers("hidden"),
            Activation = reader.Function("activation"),
            CentralValues = reader.Numbers("central"),
            Scales = reader.Numbers("scales"),
            CrossTerms = crossTerms,
            QuadraticDamping = reader.Number("quadratic_damping"),
            CrossTermDamping = reader.Number("cross_term_damping"),
            LogDetSign = reader.Number("log_det_sign"),
        };
    }

    internal void Write(PartWriter writer)
    {
        var constants = ToConstants();
        writer.Write("features", Features);
        writer.Write("context", ContextFeatures);
        writer.Write("nuisances", Nuisances);
        writer.Write("layers", Layers);
        writer.Write("hidden", [.. HiddenSizes]);
        writer.Write("activation", Activation.Name);
        writer.Write("central", [.. constants.Central]);
        writer.Write("scales", [.. constants.Scales]);
        writer.Write("cross_terms", (int[])[.. CrossTerms.SelectMany(pair => (int[])[pair.First, pair.Second])]);
        writer.Write("quadratic_damping", QuadraticDamping);
        writer.Write("cross_term_damping", CrossTermDamping);
        writer.Write("log_det_sign", LogDetSign);
    }

    /// <summary>The constants as the kernels take them, checked.</summary>
    internal ResidualSettings ToConstants()
    {
        if (Nuisances < 1)
            throw new ArgumentException($"Expected at least 1 nuisance, got {Nuisances}.", nameof(Nuisances));
        var central = CentralValues is null ? new double[Nuisances] : [.. CentralValues];
        double[] scales = Scales is null ? [.. Enumerable.Repeat(1.0, Nuisances)] : [.. Scales];
        if (central.Length != Nuisances)
            throw new ArgumentException($"Expected a central value for each of the {Nuisances} nuisances, got {central.Length}.", nameof(CentralValues));
        if (scales.Length != Nuisances)
            throw new ArgumentException($"Expected a scale for each of the {Nuisances} nuisances, got {scales.Length}.", nameof(Scales));
        return new ResidualSettings(central, scales, [.. CrossTerms], QuadraticDamping, CrossTermDamping, LogDetSign);
    }
}
