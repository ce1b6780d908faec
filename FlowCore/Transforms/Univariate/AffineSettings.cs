namespace FlowCore.Transforms;

/// <summary>The constants of an <see cref="Affine{T}"/>; the named ones are those of other libraries.</summary>
public sealed record AffineSettings
{
    /// <summary>The form of the scale.</summary>
    public AffineScale Scale { get; init; }

    /// <summary>S in (0, 1) of the exponential form, so that scales lie between S and 1/S; 0 for no limit.</summary>
    public double Slope { get; init; }

    /// <summary>m, the least scale of the softplus and sigmoid forms: positive for the first, 0 or more for the second.</summary>
    public double Minimum { get; init; } = 1e-3;

    /// <summary>The largest scale of the softplus form, above the least one; 0 for none. A scale that is cut there has no gradient.</summary>
    public double Maximum { get; init; }

    /// <summary>k &gt; 0 of the bounded form.</summary>
    public double Reach { get; init; } = 1;

    /// <summary>Whether a feature's raw parameters are (a, t), not (t, a).</summary>
    public bool IsScaleFirst { get; init; }

    /// <summary>nflows, masked: (u, t), s = ln(1 + e^u) + 10⁻³.</summary>
    public static AffineSettings NflowsMasked { get; } = new() { Scale = AffineScale.Softplus, IsScaleFirst = true };

    /// <summary>nflows and glasflow, coupling: s = σ(u + 2) + 10⁻³. Its networks give all t, then all u: <see cref="ParameterOrder.ByKind"/>.</summary>
    public static AffineSettings NflowsCoupling { get; } = new() { Scale = AffineScale.Sigmoid };

    /// <summary>nflows "general" and glasflow "wide", coupling: s = min(ln(1 + e^u) + 10⁻³, 3), ordered as <see cref="NflowsCoupling"/>.</summary>
    public static AffineSettings NflowsGeneral { get; } = new() { Scale = AffineScale.Softplus, Maximum = 3 };

    /// <summary>normflows, masked: (u, t), s = σ(u + 2) + 10⁻³, from noise to data.</summary>
    public static AffineSettings NormflowsMasked { get; } = new() { Scale = AffineScale.Sigmoid, IsScaleFirst = true };

    /// <summary>normflows, coupling, "sigmoid": s = 1 / σ(u + 2), from noise to data.</summary>
    public static AffineSettings NormflowsSigmoid { get; } = new() { Scale = AffineScale.ReciprocalSigmoid };

    /// <summary>normflows, coupling, "sigmoid_inv": s = σ(u + 2), from noise to data.</summary>
    public static AffineSettings NormflowsInverseSigmoid { get; } = new() { Scale = AffineScale.Sigmoid, Minimum = 0 };

    /// <summary>glasflow, coupling, "log k": s = e^(2k(σ(u) − ½)), ordered as <see cref="NflowsCoupling"/>.</summary>
    /// <param name="reach">k &gt; 0.</param>
    /// <returns>The constants.</returns>
    public static AffineSettings GlasflowLog(double reach) => new() { Scale = AffineScale.BoundedLog, Reach = reach };

    internal void Check(string name)
    {
        if (!Enum.IsDefined(Scale))
            throw new ArgumentException($"Expected a form of scale of the list, got {Scale}.", name);
        if (Slope is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(name, Slope, "Expected a slope in (0, 1), or 0 for no limit.");
        if (!double.IsFinite(Minimum) || Minimum < 0 || (Minimum == 0 && Scale == AffineScale.Softplus) || (Minimum >= 1 && Scale is AffineScale.Softplus or AffineScale.Sigmoid))
            throw new ArgumentOutOfRangeException(name, Minimum, "Expected a least scale below 1, of at least 0 for the sigmoid form and positive for the softplus form.");
        if (!double.IsFinite(Maximum) || (Maximum != 0 && Maximum <= 1))
            throw new ArgumentOutOfRangeException(name, Maximum, "Expected a largest scale above 1, or 0 for none.");
        if (!double.IsFinite(Reach) || Reach <= 0)
            throw new ArgumentOutOfRangeException(name, Reach, "Expected a positive reach.");
    }
}
