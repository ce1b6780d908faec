using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FactorizableFlow.Validation;
using FlowCore.Distributions;

namespace FactorizableFlow.Figures;

/// <summary>A model at one ν, and the truth there. Immutable.</summary>
internal sealed class ModelAtPoint
{
    /// <summary>A residual at a point.</summary>
    /// <param name="model">The model; a base flow has its nominal point alone.</param>
    /// <param name="nu">ν.</param>
    public ModelAtPoint(StudyModel model, IReadOnlyList<double> nu)
    {
        (Sector, Model) = (model.Sector, model.Model);
        Nuisances = model.IsBase ? [] : [.. nu.Select(value => (float)value)];
        Generator = new ToyGenerator(model.IsBase ? model.Generator.Nominal : model.Generator.At(nu));
    }

    /// <summary>Which density.</summary>
    public Sector Sector { get; }

    /// <summary>The model.</summary>
    public DensityModel<float> Model { get; }

    /// <summary>ν as the model takes it.</summary>
    public float[] Nuisances { get; }

    /// <summary>What draws the truth.</summary>
    public ToyGenerator Generator { get; }

    /// <summary>The truth.</summary>
    public ToyTruth Truth => Generator.Truth;

    /// <summary>The features' columns in <see cref="ClassColumns"/>.</summary>
    public int FirstColumn => Sector.IsKinematic ? 0 : 2;

    /// <summary>The density of one feature in a class, averaged over x for the score; null where there is no closed form.</summary>
    /// <param name="label">0 for class A, 1 for B.</param>
    /// <param name="feature">0 or 1.</param>
    /// <param name="from">Lower end of a range of x1, for the score.</param>
    /// <param name="to">Upper end.</param>
    public Func<double, double>? Marginal(int label, int feature, double from = double.NegativeInfinity, double to = double.PositiveInfinity)
    {
        if (Sector.IsKinematic)
        {
            var x = TriangularGaussian.OfX(Truth, label);
            (var mean, var sigma) = feature == 0 ? (x.Mean.First, x.Sigma.First) : (x.Mean.Second, x.Sigma.Second);
            return value => Math.Exp(-0.5 * (value - mean) / sigma * ((value - mean) / sigma)) / (sigma * Math.Sqrt(2 * Math.PI));
        }

        var mixture = TruthMixture.Of(Truth, label, from, to);
        return mixture.IsNormal ? value => mixture.Marginal(feature, value) : null;
    }

    /// <summary>Mean and standard deviation of one feature in a class; null where there is no closed form.</summary>
    public (double Mean, double Deviation)? Moments(int label, int feature)
    {
        if (Sector.IsKinematic)
        {
            var x = TriangularGaussian.OfX(Truth, label);
            return feature == 0 ? (x.Mean.First, x.Sigma.First) : (x.Mean.Second, x.Sigma.Second);
        }

        var mixture = TruthMixture.Of(Truth, label);
        return mixture.IsNormal ? mixture.Moments(feature) : null;
    }

    /// <summary>A rectangle that holds what a class has at a context.</summary>
    public PlaneBox Box(int label, Point2 x)
    {
        const double sigmas = 3.7;
        if (TriangularGaussian.Of(Sector, Truth, label, x) is { } normal)
            return normal.Box(sigmas);

        if (Truth.Settings.SigmoidY)
            return new PlaneBox(0, 1, 0, 1);

        // The distortion turns y about the origin and shears it a little.
        var undistorted = TriangularGaussian.OfY(Truth, label, x).Box(sigmas);
        var radius = 1.1 * double.Hypot(
            Math.Max(-undistorted.XMin, undistorted.XMax), Math.Max(-undistorted.YMin, undistorted.YMax));
        return new PlaneBox(-radius, radius, -radius, radius);
    }
}
