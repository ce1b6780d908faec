using System.Numerics.Tensors;
using FlowCore.Manifolds;
using FlowCore.Random;
using FlowCore.Training;

namespace ManifoldsSample;

/// <summary>A density on a cylinder, interval times circle, with the recommended layers.</summary>
internal static class JointStudy
{
    /// <summary>Points on [0, 1] ⊗ s1: x has two humps, and the angle goes once around with x, in a band that widens.</summary>
    /// <param name="rows">How many.</param>
    /// <returns>Row-major [n, 2].</returns>
    public static float[] Cylinder(int rows)
    {
        var (x, uniform, normal) = (new float[2 * rows], new double[1], new double[2]);
        for (var i = 0; i < rows; i++)
        {
            var stream = new RandomStream(4).Substream((ulong)i);
            stream.FillUniform<double>(uniform);
            stream.Substream(1).FillNormal<double>(normal);
            var place = 1 / (1 + Math.Exp(-((uniform[0] < 0.4 ? -1.5 : 1) + (0.5 * normal[0]))));
            var angle = (2 * Math.PI * place) + ((0.2 + (0.5 * place)) * normal[1]);
            (x[2 * i], x[(2 * i) + 1]) = ((float)place, (float)(angle - (Math.Tau * Math.Floor(angle / Math.Tau))));
        }

        return x;
    }

    /// <summary>Trains the recommended pdf on them.</summary>
    public static Pdf<float> Train(int rows, int epochs, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var pdf = PdfPresets.Create<float>("i1+s1", new PdfOptions { NetworkSizes = ["32"] });
        pdf.Fit<float>(
            new ReadOnlyTensorSpan<float>(Cylinder(rows), [rows, 2]),
            options: new TrainingOptions { Epochs = epochs, BatchSize = 256, Optimiser = OptimiserSettings.Adam(5e-3) },
            progress: progress,
            cancellationToken: cancellation);
        return pdf;
    }
}
