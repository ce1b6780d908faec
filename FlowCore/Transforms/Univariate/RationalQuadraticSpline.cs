using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>A monotonic rational-quadratic spline of K bins on (−B, B], the identity outside, with θ = 3K − 1 numbers: widths, heights, inner slopes.</summary>
/// <remarks>Durkan, Bekasov, Murray and Papamakarios 2019, "Neural spline flows", equations 4 to 8; parameters as in zuko (see <see cref="SplineSettings"/>). θ = 0 is the identity.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class RationalQuadraticSpline<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="settings">Bins, bound and slope.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public RationalQuadraticSpline(SplineSettings settings)
        : base(Checked(settings).ParametersPerFeature) => Settings = settings;

    /// <inheritdoc/>
    public static string Kind => "rational-quadratic-spline";

    /// <summary>Bins, bound and slope.</summary>
    public SplineSettings Settings { get; }

    /// <inheritdoc/>
    protected internal override string ParameterName => "spline";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new RationalQuadraticSpline<T>(new SplineSettings(reader.Size("bins"), reader.Number("bound"), reader.Number("slope")));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("bins", Settings.Bins);
        writer.Write("bound", Settings.Bound);
        writer.Write("slope", Settings.Slope);
    }

    /// <inheritdoc/>
    protected internal override Operation<T>? Fuse(int[] positions, bool inverse) => new SplineOperation<T>(Settings, positions, inverse);

    internal static SplineSettings Checked(SplineSettings settings)
    {
        if (settings.Bins < 2)
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Bins, "Expected at least 2 bins.");
        if (!double.IsFinite(settings.Bound) || settings.Bound <= 0)
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Bound, "Expected a finite, positive bound.");
        if (settings.Slope is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Slope, "Expected a slope in (0, 1).");
        return settings;
    }
}
