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
    public Activation Activation { get; init; } = Activation.Elu;

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

    /// <summary>The constants as the kernels take them, checked.</summary>
    internal ResidualSettings ToConstants()
    {
        if (Nuisances < 1)
            throw new ArgumentException($"Expected at least 1 nuisance; {Nuisances} came.", nameof(Nuisances));
        var central = CentralValues is null ? new double[Nuisances] : [.. CentralValues];
        double[] scales = Scales is null ? [.. Enumerable.Repeat(1.0, Nuisances)] : [.. Scales];
        if (central.Length != Nuisances)
            throw new ArgumentException($"Expected a central value for each of the {Nuisances} nuisances; {central.Length} came.", nameof(CentralValues));
        if (scales.Length != Nuisances)
            throw new ArgumentException($"Expected a scale for each of the {Nuisances} nuisances; {scales.Length} came.", nameof(Scales));
        return new ResidualSettings(central, scales, [.. CrossTerms], QuadraticDamping, CrossTermDamping, LogDetSign);
    }
}
