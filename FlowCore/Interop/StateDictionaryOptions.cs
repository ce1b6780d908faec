using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>
/// What a state dictionary does not say about its model. Null stands for what the file states, as the files of this library do, or
/// else for <see cref="Usual"/>; a number that contradicts what the file states is an error.
/// </summary>
public sealed record StateDictionaryOptions
{
    /// <summary>Nothing is given.</summary>
    public static StateDictionaryOptions Default { get; } = new();

    /// <summary>
    /// What is assumed where neither the file nor the caller says anything: the defaults of zuko 1.5 and later and of the factorizable
    /// reference. zuko 1.0.1 to 1.4.1 had the slope 1e-4 for splines.
    /// </summary>
    public static StateDictionaryOptions Usual { get; } = new()
    {
        Bound = 5,
        Slope = 1e-3,
        AffineSlope = 1e-3,
        Activation = UnaryFunction.ReLU,
        ResidualActivation = UnaryFunction.Elu,
        QuadraticDamping = 0.01,
        CrossTermDamping = 0.01,
        LogDetSign = 1,
        SoftclipBound = 11,
        Squeeze = 1e-6,
        Degree = 4,
        Covariance = StateCovariance.Full,
    };

    /// <summary>B: splines act on (−B, B]. Where nobody says it, files of nflows have 1 and those of normflows 3.</summary>
    public double? Bound { get; init; }

    /// <summary>S of splines.</summary>
    public double? Slope { get; init; }

    /// <summary>S of affine transforms.</summary>
    public double? AffineSlope { get; init; }

    /// <summary>The activation of a flow's conditioners.</summary>
    public UnaryFunction? Activation { get; init; }

    /// <summary>The activation of a residual's networks.</summary>
    public UnaryFunction? ResidualActivation { get; init; }

    /// <summary>q, the damping of a residual's quadratic terms.</summary>
    public double? QuadraticDamping { get; init; }

    /// <summary>r, the damping of a residual's cross terms.</summary>
    public double? CrossTermDamping { get; init; }

    /// <summary>+1, or −1 for a residual whose log|det J| is counted the other way.</summary>
    public double? LogDetSign { get; init; }

    /// <summary>
    /// What the networks' outputs are the parameters of. Needed where their number says several things: 17 a feature are a spline of 6
    /// bins or a Bernstein polynomial of degree 16.
    /// </summary>
    public StateTransformer? Transformer { get; init; }

    /// <summary>B of the softclips between the transforms of a NAF, UNAF or SOSPF.</summary>
    public double? SoftclipBound { get; init; }

    /// <summary>q of Gaussianizations, as <see cref="Gaussianization{T}.Squeeze"/>.</summary>
    public double? Squeeze { get; init; }

    /// <summary>L, the degree of the polynomials of a sum-of-squares flow (SOSPF).</summary>
    public int? Degree { get; init; }

    /// <summary>K, the number of components of a mixture whose parameters a network gives (GMM with context); its tensors cannot tell.</summary>
    public int? Components { get; init; }

    /// <summary>The form of the covariances of such a mixture.</summary>
    public StateCovariance? Covariance { get; init; }

    /// <summary>Which splines the networks of nflows, glasflow and normflows give the parameters of: their numbers fit several.</summary>
    public StateSpline? Spline { get; init; }

    /// <summary>What is outside of the interval of such splines, where the number of parameters does not tell.</summary>
    public SplineTails? Tails { get; init; }

    /// <summary>
    /// The form of the scale in the affine couplings of nflows, glasflow and normflows. Where nobody says it, that is
    /// <see cref="AffineSettings.NflowsCoupling"/>, and for normflows "exp".
    /// </summary>
    public AffineSettings? Scale { get; init; }

    /// <summary>Which features of normflows' circular splines are angles, where the tensors do not say.</summary>
    public IReadOnlyList<int>? Circular { get; init; }

    /// <summary>
    /// For each layer of nflows or normflows what it is: <c>*</c> for one whose tensors tell, else the name of one without tensors (<c>exp</c>, <c>tanh</c>,
    /// <c>swap</c>, ...), which leave a gap in the numbers of the layers, or of a choice that tensors cannot show (<c>channel_inv</c>).
    /// </summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>
    /// The rows and columns of the arrays of which nflows' layers transform the channels (1 × 1 convolutions, couplings of convolutional networks); their tensors have
    /// numbers of channels alone.
    /// </summary>
    public (int Height, int Width)? Pixels { get; init; }

    /// <summary>Which library the tensors are of, where they are those of a single layer, which several libraries call the same.</summary>
    public StateLibrary? Library { get; init; }

    /// <summary>What the base distribution is, where its tensors have numbers for names and could be either.</summary>
    public StateBase? Base { get; init; }

    /// <summary>Which model is meant where the tensors hold several: what stands before its names, "." for one with nothing before them.</summary>
    public string? Key { get; init; }

    /// <summary>Called, while a model is read, with each thing that neither the file nor the caller says and that is taken from <see cref="Usual"/>.</summary>
    public Action<StateAssumption>? Assumed { get; init; }
}
