namespace FlowCore.Manifolds;

/// <summary>How raw numbers stand for a rotation of the sphere.</summary>
internal enum RotationMode
{
    /// <summary>Reflections, three numbers each.</summary>
    Householder,

    /// <summary>Angles in the planes of two axes, (0, 1), (0, 2), (1, 2).</summary>
    Angles,

    /// <summary>A quaternion (a, i, j, k), of any length.</summary>
    Quaternion,

    /// <summary>The direction to which the north pole goes, of any length.</summary>
    Direction,
}
