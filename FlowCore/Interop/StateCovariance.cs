namespace FlowCore.Interop;

/// <summary>The covariances of zuko's mixtures of normals.</summary>
public enum StateCovariance
{
    /// <summary>Any.</summary>
    Full,

    /// <summary>Independent features.</summary>
    Diagonal,

    /// <summary>Independent features of one scale.</summary>
    Spherical,
}
