using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Numerics;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>The whitening of normal distributions by location and factor, and of products feature by feature through their distribution functions: w = Φ⁻¹(F(z)).</summary>
internal sealed class ProductWhitening<T> : NoiseWhitening<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _location;
    private readonly double[] _scale;
    private readonly Feature[] _kinds;
    private readonly double[] _degrees;
    private readonly double[]? _factor;

    private ProductWhitening(int features)
        : base(features, encoder: null)
    {
        _location = new double[features];
        _scale = new double[features];
        Array.Fill(_scale, 1);
        _kinds = new Feature[features];
        _degrees = [];
    }

    private ProductWhitening(StudentT<T> student)
        : this(student.Features)
    {
        Array.Fill(_kinds, Feature.Student);
        _degrees = student.ReadDegrees();
        Read(student.Parameters[0]).CopyTo(_location, 0);
        Array.ConvertAll(Read(student.Parameters[1]), Math.Exp).CopyTo(_scale, 0);
    }

    private ProductWhitening(FullNormal<T> normal)
        : this(normal.Features)
    {
        Read(normal.Parameters[0]).CopyTo(_location, 0);
        var diagonal = Read(normal.Parameters[1]);
        var entries = Features > 1 ? Read(normal.Parameters[2]) : [];
        _factor = new double[Features * Features];
        for (var i = 0; i < Features; i++)
        {
            _factor[(i * Features) + i] = Math.Exp(diagonal[i]);
            for (var j = 0; j < i; j++)
                _factor[(i * Features) + j] = entries[PackedMatrix<T>.Below(i, j)];
        }
    }

    private enum Feature
    {
        Normal,
        Uniform,
        Student,
    }

    /// <summary>Prepares the map with the parameters of the moment; null where the distribution is neither normal nor a product of known distributions.</summary>
    public static ProductWhitening<T>? TryOf(BaseDistribution<T> distribution)
    {
        switch (distribution)
        {
            case StandardNormal<T>:
                return new ProductWhitening<T>(distribution.Features);
            case DiagonalNormal<T> diagonal:
                {
                    var map = new ProductWhitening<T>(diagonal.Features);
                    for (var j = 0; j < diagonal.Features; j++)
                        (map._location[j], map._scale[j]) = (diagonal.Location[j], diagonal.Scale[j]);
                    return map;
                }

            case FullNormal<T> full:
                return new ProductWhitening<T>(full);
            case StudentT<T> student:
                return new ProductWhitening<T>(student);
            case UniformBox<T> box:
                {
                    var map = new ProductWhitening<T>(box.Features);
                    Array.Fill(map._kinds, Feature.Uniform);
                    for (var j = 0; j < box.Features; j++)
                        (map._location[j], map._scale[j]) = (box.Lower[j], box.Upper[j] - box.Lower[j]);
                    return map;
                }

            case UniformNormal<T> mixed:
                {
                    var map = new ProductWhitening<T>(mixed.Features);
                    for (var j = 0; j < mixed.Features; j++)
                    {
                        map._kinds[j] = mixed.IsUniform[j] ? Feature.Uniform : Feature.Normal;
                        (map._location[j], map._scale[j]) = (mixed.IsUniform[j] ? -mixed.Scale[j] / 2 : 0, mixed.Scale[j]);
                    }

                    return map;
                }

            default:
                return null;
        }
    }

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<T> z, Span<double> white, Span<double> scratch)
    {
        for (var j = 0; j < Features; j++)
        {
            var x = double.CreateTruncating(z[j]) - _location[j];
            white[j] = _kinds[j] switch
            {
                Feature.Uniform => NormalDistribution.Quantile(Math.Clamp(x / _scale[j], 0, 1)),
                Feature.Student => x > 0 ? -Student(-x, j) : Student(x, j),
                _ => x / _scale[j],
            };
        }

        if (_factor is not null)
            TriangularMatrix.Solve(_factor, Features, upper: false, transposed: false, unitDiagonal: false, white, 1);
    }

    // The lower tail, where probabilities keep their precision.
    private double Student(double x, int feature) => NormalDistribution.Quantile(StudentDistribution.Cdf(x / _scale[feature], _degrees[feature]));
}
