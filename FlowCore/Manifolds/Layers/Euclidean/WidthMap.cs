using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>Widths h &gt; 0 of raw numbers w: lo + hi σ(w − ln hi), or softplus(w) + lo, or e^w + lo.</summary>
internal sealed class WidthMap
{
    private const string SoftplusOption = "softplus_for_width";
    private const string UpperOption = "upper_bound_for_widths";
    private const string LowerOption = "lower_bound_for_widths";
    private const string ClampOption = "clamp_widths";
    private const string SaturationOption = "width_smooth_saturation";

    // The least share of lo that a clamped raw number stands for, and how many times ln hi a saturating one may reach.
    private const double LeastShare = 0.01;
    private const double SaturatedReach = 3;

    // How near to its ends, as a share of the range, a width may be whose raw number is asked for.
    private const double Margin = 1e-6;

    private readonly bool _softplus;
    private readonly bool _saturates;
    private readonly bool _clamps;
    private readonly double _lower;
    private readonly double _upper;

    /// <summary>Reads the options.</summary>
    /// <param name="options">Those of a letter that declares <see cref="Options"/>.</param>
    /// <exception cref="ArgumentException">Bounds contradict each other.</exception>
    public WidthMap(LayerOptions options)
    {
        _softplus = options.Flag(SoftplusOption);
        _saturates = options.Flag(SaturationOption) && !_softplus;
        _clamps = options.Flag(ClampOption);
        _lower = options.Number(LowerOption);
        _upper = options.Number(UpperOption);
        if (!(_upper > 0) && (_saturates || _upper != -1))
            throw new ArgumentException($"Expected a positive '{UpperOption}'{(_saturates ? $" where '{SaturationOption}' is 1" : ", or -1 for none")}, got {_upper}.", nameof(options));
        if (!(_lower > 0))
            throw new ArgumentException($"Expected a positive '{LowerOption}', got {_lower}.", nameof(options));
    }

    /// <summary>The options with their defaults.</summary>
    public static IReadOnlyList<LayerOption> Options { get; } =
    [
        LayerOption.Flag(SoftplusOption, false), LayerOption.Number(UpperOption, 100, -1), LayerOption.Number(LowerOption, 0.01, 0),
        LayerOption.Flag(ClampOption, false), LayerOption.Flag(SaturationOption, true),
    ];

    /// <summary>h.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="raw">w, any shape.</param>
    /// <returns>The same shape.</returns>
    public Variable<T> Apply<T>(Variable<T> raw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lower = T.CreateTruncating(_lower);
        if (_clamps)
        {
            raw = raw.Max(raw.Tape!.Constant(T.CreateTruncating(Math.Log(LeastShare * _lower))));
            if (_upper > 0)
                raw = raw.Min(raw.Tape!.Constant(T.CreateTruncating(Math.Log(_upper) * (_saturates ? SaturatedReach : 1))));
        }

        if (_softplus)
            return raw.Softplus() + lower;
        return _saturates
            ? ((raw - T.CreateTruncating(Math.Log(_upper))).Sigmoid() * T.CreateTruncating(_upper)) + lower
            : raw.Exp() + lower;
    }

    /// <summary>The raw number of a width; one that no raw number stands for is moved into the range.</summary>
    /// <param name="width">h.</param>
    /// <returns>w.</returns>
    public double Invert(double width)
    {
        var above = Math.Max(width - _lower, Margin * _lower);
        if (_softplus)
            return above > 30 ? above : Math.Log(double.ExpM1(above));
        if (!_saturates)
            return Math.Log(above);
        var share = Math.Clamp(above / _upper, Margin * _lower / (_lower + _upper), 1 - Margin);
        return Math.Log(_upper) + Math.Log(share / (1 - share));
    }
}
