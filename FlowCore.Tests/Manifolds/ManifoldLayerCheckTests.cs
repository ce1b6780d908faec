using FlowCore.Autodiff;
using FlowCore.Manifolds;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The check finds what it is for: a right layer passes, each wrong one fails by its own law.</summary>
[TestFixture]
internal sealed class ManifoldLayerCheckTests
{
    private static readonly Manifold[] _manifolds = [Manifold.Euclidean(2), Manifold.Circle, Manifold.Interval(), Manifold.Sphere, Manifold.Simplex(2)];

    [TestCaseSource(nameof(_manifolds))]
    public void The_identity_obeys_the_laws_of_every_manifold(Manifold manifold) =>
        new ManifoldLayerCheck(new ShiftLetter(0, 0), manifold).Run().ThrowIfFailed();

    [Test]
    public void A_shift_obeys_the_laws() => new ManifoldLayerCheck(new ShiftLetter(0, 1), Manifold.Euclidean(2)).Run().ThrowIfFailed();

    [Test]
    public void A_wrong_determinant_is_found()
    {
        var report = new ManifoldLayerCheck(new ShiftLetter(0.01, 1), Manifold.Euclidean(2)).Run();
        Assert.That(report.Laws.Where(law => !law.Holds).Select(law => law.Law), Has.Some.Contains("tape's Jacobian"));
    }

    [Test]
    public void A_wrong_inverse_is_found()
    {
        var report = new ManifoldLayerCheck(new ShiftLetter(0, 0.99), Manifold.Euclidean(2)).Run();
        Assert.That(report.Laws.Where(law => !law.Holds).Select(law => law.Law), Has.Some.Contains("and back"));
    }

    private sealed class ShiftLetter(double logDet, double back) : LayerLetter
    {
        public override char Letter => 'x';

        public override IReadOnlyList<LayerOption> Options => [];

        public override bool ActsOn(Manifold manifold) => true;

        public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) => new ShiftLayer<T>(manifold, logDet, back);
    }

    private sealed class ShiftLayer<T>(Manifold manifold, double logDet, double back)
        : ManifoldLayer<T>(manifold, back == 0 ? [] : [new LayerArray("shift", manifold.StateColumns)])
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        protected internal override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> log)
        {
            log = logDet == 0 ? default : x.Tape!.Fill(1, T.CreateTruncating(logDet));
            return back == 0 ? x : x - parameters[0];
        }

        protected internal override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> log)
        {
            log = logDet == 0 ? default : z.Tape!.Fill(1, T.CreateTruncating(logDet));
            return back == 0 ? z : z + (parameters[0] * T.CreateTruncating(back));
        }

        protected internal override void Fresh(Span<double> numbers, RandomStream stream) => stream.FillNormal(numbers);
    }
}
