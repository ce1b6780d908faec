using System.Numerics;
using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Factorizable;
using FlowCore.Fields;
using FlowCore.Fitting;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Parts;

/// <summary>The library's own kinds, one line each: the only list of them.</summary>
internal sealed class KnownParts : IPartList
{
    public void AddTo<T>(PartCatalog<T> catalog)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Univariate bijections.
        catalog.Add<Additive<T>>();
        catalog.Add<Affine<T>>();
        catalog.Add<BernsteinPolynomial<T>>();
        catalog.Add<CauchyCdf<T>>();
        catalog.Add<CircularShift<T>>();
        catalog.Add<CircularSpline<T>>();
        catalog.Add<Cosine<T>>();
        catalog.Add<CubicSpline<T>>();
        catalog.Add<Exp<T>>();
        catalog.Add<Gaussianization<T>>();
        catalog.Add<IntegratedNetwork<T>>();
        catalog.Add<Interval<T>>();
        catalog.Add<LeakyReLU<T>>();
        catalog.Add<LinearSpline<T>>();
        catalog.Add<Logit<T>>();
        catalog.Add<LogTanh<T>>();
        catalog.Add<MonotoneNetwork<T>>();
        catalog.Add<NormalCdf<T>>();
        catalog.Add<QuadraticSpline<T>>();
        catalog.Add<PerFeature<T>>();
        catalog.Add<RationalQuadraticSpline<T>>();
        catalog.Add<Sigmoid<T>>();
        catalog.Add<SignedPower<T>>();
        catalog.Add<Sine<T>>();
        catalog.Add<Softclip<T>>();
        catalog.Add<Softplus<T>>();
        catalog.Add<SumOfSquares<T>>();
        catalog.Add<Tanh<T>>();

        // What conditions them.
        catalog.Add<Elementwise<T>>();
        catalog.Add<Conditional<T>>();
        catalog.Add<ConditionalTriangular<T>>();
        catalog.Add<Coupling<T>>();
        catalog.Add<Embedded<T>>();
        catalog.Add<MaskedAutoregressive<T>>();

        // Linear maps.
        catalog.Add<CholeskyLinear<T>>();
        catalog.Add<DenseLinear<T>>();
        catalog.Add<FixedAffine<T>>();
        catalog.Add<HouseholderLinear<T>>();
        catalog.Add<LuLinear<T>>();
        catalog.Add<LuMatrixLinear<T>>();
        catalog.Add<PivotedLuLinear<T>>();
        catalog.Add<QrLinear<T>>();
        catalog.Add<RotationLinear<T>>();
        catalog.Add<SvdLinear<T>>();

        // Maps along few directions, and normalisation.
        catalog.Add<ActNorm<T>>();
        catalog.Add<BatchNormalization<T>>();
        catalog.Add<Planar<T>>();
        catalog.Add<Radial<T>>();
        catalog.Add<Sylvester<T>>();

        // Other transforms.
        catalog.Add<Box<T>>();
        catalog.Add<Composition<T>>();
        catalog.Add<ContinuousTransform<T>>();
        catalog.Add<Factored<T>>();
        catalog.Add<FieldCoupling<T>>();
        catalog.Add<Inverted<T>>();
        catalog.Add<OnColumns<T>>();
        catalog.Add<OnPixels<T>>();
        catalog.Add<Permutation<T>>();
        catalog.Add<PolynomialResidual<T>>();
        catalog.Add<SideBySide<T>>();
        catalog.Add<Standardization<T>>();
        catalog.Add<StandardizedConditions<T>>();
        catalog.Add<SupportChart<T>>();
        catalog.Add<TriangularLinear<T>>();

        // Networks.
        catalog.Add<AmortizableMlp<T>>();
        catalog.Add<DeepSetEncoder<T>>();
        catalog.Add<ConvolutionalNetwork<T>>();
        catalog.Add<FieldNetwork<T>>();
        catalog.Add<Made<T>>();
        catalog.Add<MaskedMlp<T>>();
        catalog.Add<MaskedResidualMlp<T>>();
        catalog.Add<Mlp<T>>();
        catalog.Add<MlpEncoder<T>>();
        catalog.Add<PassingEncoder<T>>();
        catalog.Add<PeriodicMaskedNetwork<T>>();
        catalog.Add<PeriodicNetwork<T>>();
        catalog.Add<ResidualNetwork<T>>();
        catalog.Add<ShiftScaleNetwork<T>>();

        // Velocities.
        catalog.Add<VelocityNetwork<T>>();

        // Base distributions.
        catalog.Add<ConditionalNormal<T>>();
        catalog.Add<DiagonalNormal<T>>();
        catalog.Add<FourierNormal<T>>();
        catalog.Add<FullNormal<T>>();
        catalog.Add<MixtureOfFlows<T>>();
        catalog.Add<NormalMixture<T>>();
        catalog.Add<StandardNormal<T>>();
        catalog.Add<StudentT<T>>();
        catalog.Add<UniformBox<T>>();
        catalog.Add<UniformNormal<T>>();
        catalog.Add<UniformSphere<T>>();
    }
}
