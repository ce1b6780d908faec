using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace Calibration;

/// <summary>A problem whose answer is known: c ~ N(0, 1) in each of D features, y | c ~ N(c, Σ) with unit variances and one correlation ρ of neighbours' pairs.</summary>
/// <remarks>Pairs are the features (0, 1), (2, 3), …; so Σ is positive for any |ρ| &lt; 1.</remarks>
/// <param name="Features">D.</param>
/// <param name="Correlation">ρ.</param>
internal sealed record GaussianProblem(int Features, double Correlation = 0)
{
    /// <summary>Events and their contexts, row-major [events, D] each.</summary>
    public (double[] Y, double[] Context) Draw(int events, RandomStream stream)
    {
        var (y, context) = (new double[events * Features], new double[events * Features]);
        stream.Substream(0).FillNormal<double>(context);
        stream.Substream(1).FillNormal<double>(y);
        var rest = Math.Sqrt(1 - (Correlation * Correlation));
        for (var i = 0; i < y.Length; i++)
        {
            if (i % Features % 2 == 1)
                y[i] = (Correlation * y[i - 1]) + (rest * y[i]);
        }

        for (var i = 0; i < y.Length; i++)
            y[i] += context[i];
        return (y, context);
    }

    /// <summary>The density q(y | c) = N(slope · c + shift · e₀, scale² Σ) as a flow.</summary>
    /// <param name="scale">1 where it is right.</param>
    /// <param name="shift">0 where it is right.</param>
    /// <param name="slope">1 where it is right, 0 for a model that ignores the context.</param>
    /// <param name="correlation">ρ of the model; null for the problem's.</param>
    /// <param name="device">Where it computes.</param>
    public Flow<double> Model(double scale = 1, double shift = 0, double slope = 1, double? correlation = null, Device? device = null)
    {
        var rho = correlation ?? Correlation;
        var noise = new FullNormal<double>(Features);
        var network = new Mlp<double>([Features, 2 * Features], UnaryFunction.Identity, "mean");
        var flow = new Flow<double>(noise, new Conditional<double>(new Affine<double>(), Features, network), device);

        // z = y − slope c: of the two outputs of each feature the first is the shift.
        var weights = new double[2 * Features * Features];
        for (var j = 0; j < Features; j++)
            weights[(2 * j * Features) + j] = -slope;
        network.Parameters[0].Write(weights);
        var location = new double[Features];
        location[0] = shift;
        var (diagonal, entries) = (new double[Features], new double[Features * (Features - 1) / 2]);
        for (var j = 0; j < Features; j++)
        {
            diagonal[j] = Math.Log(scale * (j % 2 == 1 ? Math.Sqrt(1 - (rho * rho)) : 1));
            if (j % 2 == 1)
                entries[(j * (j - 1) / 2) + j - 1] = scale * rho;
        }

        noise.Parameters[0].Write(location);
        noise.Parameters[1].Write(diagonal);
        if (Features > 1)
            noise.Parameters[2].Write(entries);
        return flow;
    }
}
