using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Numerics;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>Maps the noise of a base distribution to independent standard normal numbers in double.</summary>
/// <remarks>Normal distributions by location and factor; others feature by feature through their distribution functions: w = Φ⁻¹(F(z)). Thread-safe.</remarks>
internal sealed class NoiseWhitening<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _features;
    private readonly double[] _location;
    private readonly double[] _scale;
    private readonly Feature[] _kinds;
    private readonly double[] _degrees;
    private readonly double[]? _factor;

    private NoiseWhitening(int features)
    {
        _features = features;
        _location = new double[features];
        _scale = new double[features];
        Array.Fill(_scale, 1);
        _kinds = new Feature[features];
        _degrees = [];
    }

    private NoiseWhitening(StudentT<T> student)
        : this(student.Features)
    {
        Array.Fill(_kinds, Feature.Student);
        _degrees = student.ReadDegrees();
        Read(student.Parameters[0]).CopyTo(_location, 0);
        Array.ConvertAll(Read(student.Parameters[1]), Math.Exp).CopyTo(_scale, 0);
    }

    private NoiseWhitening(FullNormal<T> normal)
        : this(normal.Features)
    {
        Read(normal.Parameters[0]).CopyTo(_location, 0);
        var diagonal = Read(normal.Parameters[1]);
        var entries = _features > 1 ? Read(normal.Parameters[2]) : [];
        _factor = new double[_features * _features];
        for (var i = 0; i < _features; i++)
        {
            _factor[(i * _features) + i] = Math.Exp(diagonal[i]);
            for (var j = 0; j < i; j++)
                _factor[(i * _features) + j] = entries[PackedMatrix<T>.Below(i, j)];
        }
    }

    private enum Feature
    {
        Normal,
        Uniform,
        Student,
    }

    /// <summary>Prepares the map with the parameters of the moment.</summary>
    /// <exception cref="NotSupportedException">The distribution is neither normal nor a product of known distributions.</exception>
    public static NoiseWhitening<T> Of(BaseDistribution<T> distribution)
    {
        switch (distribution)
        {
            case StandardNormal<T>:
                return new NoiseWhitening<T>(distribution.Features);
            case DiagonalNormal<T> diagonal:
                {
                    var map = new NoiseWhitening<T>(diagonal.Features);
                    for (var j = 0; j < diagonal.Features; j++)
                        (map._location[j], map._scale[j]) = (diagonal.Location[j], diagonal.Scale[j]);
                    return map;
                }

            case FullNormal<T> full:
                return new NoiseWhitening<T>(full);
            case StudentT<T> student:
                return new NoiseWhitening<T>(student);
            case UniformBox<T> box:
                {
                    var map = new NoiseWhitening<T>(box.Features);
                    Array.Fill(map._kinds, Feature.Uniform);
                    for (var j = 0; j < box.Features; j++)
                        (map._location[j], map._scale[j]) = (box.Lower[j], box.Upper[j] - box.Lower[j]);
                    return map;
                }

            case UniformNormal<T> mixed:
                {
                    var map = new NoiseWhitening<T>(mixed.Features);
                    for (var j = 0; j < mixed.Features; j++)
                    {
                        map._kinds[j] = mixed.IsUniform[j] ? Feature.Uniform : Feature.Normal;
                        (map._location[j], map._scale[j]) = (mixed.IsUniform[j] ? -mixed.Scale[j] / 2 : 0, mixed.Scale[j]);
                    }

                    return map;
                }

            default:
                throw new NotSupportedException(
                    $"Expected a base distribution that is normal or a product of features with known distribution functions, got {distribution.GetType().Name.Split('`')[0]}. The coverage of the regions of highest density needs none.");
        }
    }

    /// <summary>One row. Features outside of a bounded one become infinite.</summary>
    /// <param name="z">[D].</param>
    /// <param name="white">Receives [D].</param>
    public void Apply(ReadOnlySpan<T> z, Span<double> white)
    {
        for (var j = 0; j < _features; j++)
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
            TriangularMatrix.Solve(_factor, _features, upper: false, transposed: false, unitDiagonal: false, white, 1);
    }

    private static double[] Read(Parameter<T> parameter)
    {
        var values = new T[parameter.Length];
        parameter.Read(values);
        return Array.ConvertAll(values, value => double.CreateTruncating(value));
    }

    // The lower tail, where probabilities keep their precision.
    private double Student(double x, int feature) => NormalDistribution.Quantile(StudentDistribution.Cdf(x / _scale[feature], _degrees[feature]));
}
