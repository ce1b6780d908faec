namespace FlowCore.Transforms;

/// <summary>How the P raw parameters of each of several features follow each other among the outputs of a network.</summary>
public enum ParameterOrder
{
    /// <summary>All parameters of the first feature, then those of the second.</summary>
    ByFeature,

    /// <summary>The first parameter of all features, then the second: nflows' affine couplings.</summary>
    ByKind,
}
