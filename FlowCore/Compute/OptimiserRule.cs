namespace FlowCore.Compute;

/// <summary>Which update an optimiser's sweep applies.</summary>
public enum OptimiserRule
{
    /// <summary>Stochastic gradient descent with momentum (Sutskever et al. 2013; Nesterov's form is not used).</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba 2014); weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2017).</summary>
    AdamW,

    /// <summary>Adam with the rectified adaptive rate (Liu et al. 2019).</summary>
    RAdam,
}
