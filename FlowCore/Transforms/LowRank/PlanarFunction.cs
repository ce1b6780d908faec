namespace FlowCore.Transforms;

/// <summary>The function h of a <see cref="Planar{T}"/> transform.</summary>
public enum PlanarFunction
{
    /// <summary>tanh α.</summary>
    Tanh,

    /// <summary>α for α &gt; 0, else k α with the transform's slope k.</summary>
    LeakyReLU,
}
