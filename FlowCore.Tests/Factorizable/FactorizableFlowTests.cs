using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Factorizable;
using FlowCore.Tests.Flows;
using NUnit.Framework;

namespace FlowCore.Tests.Factorizable;

[TestFixture]
public sealed class FactorizableFlowTests
{
    private static readonly float[] _central = [0.25f, -0.5f, 0];

    [Test]
    public void At_the_central_nuisances_everything_is_the_base_to_the_bit([Values(1, 2, 3)] int layers)
    {
        const int Rows = 300;
        using var model = Models.Factorizable<float>(3, 2, layers);
        var x = Models.Rows<float>(Rows, 3, 1);
        var c = Models.Rows<float>(Rows, 2, 2);
        var (nominal, logDet) = (new float[x.Length], new float[Rows]);
        model.ToNominal(x, new(c, _central), nominal, logDet);
        Assert.That(Bits(nominal), Is.EqualTo(Bits(x)));
        Assert.That(logDet, Is.All.EqualTo(0f));
        model.FromNominal(x, new(c, _central), nominal, logDet);
        Assert.That(Bits(nominal), Is.EqualTo(Bits(x)));
        Assert.That(logDet, Is.All.EqualTo(0f));
        var (density, expected) = (new float[Rows], new float[Rows]);
        model.LogDensity(x, new(c, _central), density);
        model.Base.LogDensity(x, c, expected);
        Assert.That(Bits(density), Is.EqualTo(Bits(expected)));
        var (samples, others) = (new float[x.Length], new float[x.Length]);
        model.Sample(new FlowCore.Random.RandomStream(4), 0, new(c, _central), samples, default);
        model.Base.Sample(new FlowCore.Random.RandomStream(4), 0, c, others, default);
        Assert.That(Bits(samples), Is.EqualTo(Bits(others)));
    }

    [Test]
    public void A_fresh_residual_is_the_identity_everywhere()
    {
        using var flow = Models.Spline<double>(2, 1);
        using var model = new FactorizableFlow<double>(
            flow, new PolynomialResidual<double>(new PolynomialResidualSettings { Features = 2, ContextFeatures = 1, Nuisances = 2, Layers = 2, CrossTerms = [(0, 1)] }));
        var x = Models.Rows<double>(50, 2, 1);
        var (nominal, logDet) = (new double[100], new double[50]);
        model.ToNominal(x, new(Models.Rows<double>(50, 1, 2), Models.Rows<double>(50, 2, 3)), nominal, logDet);
        Assert.That(nominal, Is.EqualTo(x));
        Assert.That(logDet, Is.All.Zero);
    }

    [Test]
    public void From_nominal_undoes_to_nominal([Values(0, 1, 2, 3)] int layers)
    {
        const int Rows = 200;
        using var model = Models.Factorizable<double>(3, 2, layers);
        var (x, c, nu) = (Models.Rows<double>(Rows, 3, 1), Models.Rows<double>(Rows, 2, 2), Models.Rows<double>(Rows, 3, 3));
        var (nominal, forward, back, inverse) = (new double[x.Length], new double[Rows], new double[x.Length], new double[Rows]);
        model.ToNominal(x, new(c, nu), nominal, forward);
        model.FromNominal(nominal, new(c, nu), back, inverse);
        for (var i = 0; i < x.Length; i++)
            Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-10));
        for (var i = 0; i < Rows; i++)
            Assert.That(inverse[i], Is.EqualTo(-forward[i]).Within(1e-10));
        Assert.That(nominal, layers == 0 ? Is.EqualTo(x) : Is.Not.EqualTo(x));
    }

    [Test]
    public void The_base_gets_no_gradient_and_is_not_among_the_parameters()
    {
        using var model = Models.Factorizable<double>(2, 1, 1);
        Assert.That(model.Parameters.Parameters.Select(parameter => parameter.Name), Is.All.StartsWith("transforms."));
        using var kernels = model.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(model.Parameters.Length);
        tape.Begin(3, model.Parameters, gradients);
        var baseWeight = tape.Use(model.Base.Parameters.Parameters[0]);
        var density = model.LogDensity(
            tape.Input(Models.Rows<double>(3, 2, 1), 2),
            VariableFunctions.Concatenate(tape.Input(Models.Rows<double>(3, 1, 2), 1), tape.Input(Models.Rows<double>(3, 3, 3), 3)));
        tape.Backward(density, [1, 1, 1]);
        var adjoint = new double[model.Base.Parameters.Parameters[0].Length];
        tape.ReadAdjoint(baseWeight, adjoint);
        Assert.That(adjoint, Is.All.Zero);
        var own = new double[model.Parameters.Length];
        kernels.Read(gradients, 0, own);
        Assert.That(own, Has.Some.Not.Zero);
    }

    [Test]
    public void Local_response_is_the_map_itself([Values(1, 2, 3)] int layers)
    {
        const int Rows = 40;
        using var model = Models.Factorizable<double>(3, 2, layers);
        var (x, c, nu) = (Models.Rows<double>(Rows, 3, 1), Models.Rows<double>(Rows, 2, 2), Models.Rows<double>(Rows, 3, 3));
        var (nominal, logDet) = (new double[x.Length], new double[Rows]);
        model.ToNominal(x, new(c, nu), nominal, logDet);
        var response = model.LocalResponse(Tensor.Create(x, [Rows, 3]), Tensor.Create(c, [Rows, 2]), Tensor.Create(nu, [Rows, 3]));
        var (s, t) = (response.LogScale.ToArray(), response.Shift.ToArray());
        for (var i = 0; i < x.Length; i++)
            Assert.That((Math.Exp(s[i]) * x[i]) + t[i], Is.EqualTo(nominal[i]).Within(1e-11), $"number {i}");
        for (var row = 0; row < Rows; row++)
            Assert.That(s[(3 * row)..((3 * row) + 3)].Sum(), Is.EqualTo(logDet[row]).Within(1e-12), $"row {row}");
        var (additiveS, additiveT) = (response.AdditiveLogScale.ToArray(), response.AdditiveShift.ToArray());
        var (crossS, crossT) = (response.CrossLogScale.ToArray(), response.CrossShift.ToArray());
        for (var i = 0; i < x.Length; i++)
        {
            Assert.That(additiveS[i] + crossS[i], Is.EqualTo(s[i]).Within(1e-12));
            Assert.That(additiveT[i] + crossT[i], Is.EqualTo(t[i]).Within(1e-12));
        }

        Assert.That(crossS, Has.Some.Not.Zero);
    }

    [Test]
    public void The_cross_part_needs_two_nuisances_off_their_central_values()
    {
        using var model = Models.Factorizable<double>(2, 0, 2);
        var response = model.LocalResponse(
            Tensor.Create(Models.Rows<double>(20, 2, 1), [20, 2]), default, Tensor.Create<double>([1.5, -0.5, 0], [1, 3]));
        Assert.That(response.CrossLogScale.ToArray(), Is.All.Zero);
        Assert.That(response.CrossShift.ToArray(), Is.All.Zero);
        Assert.That(response.AdditiveLogScale.ToArray(), Has.Some.Not.Zero);
    }

    [Test]
    public void The_sign_of_the_log_determinant_is_the_settings()
    {
        using var flow = Models.Spline<double>(2, 0);
        PolynomialResidualSettings settings = new() { Features = 2, Nuisances = 1, HiddenSizes = [4] };
        using var plus = new FactorizableFlow<double>(flow, new PolynomialResidual<double>(settings));
        using var minus = new FactorizableFlow<double>(flow, new PolynomialResidual<double>(settings with { LogDetSign = -1 }));
        Models.Enliven(plus);
        Models.Enliven(minus);
        var x = Models.Rows<double>(5, 2, 1);
        var (nominal, a, b) = (new double[10], new double[5], new double[5]);
        plus.ToNominal(x, new(default, [0.7]), nominal, a);
        minus.ToNominal(x, new(default, [0.7]), nominal, b);
        Assert.That(a, Has.None.Zero);
        Assert.That(b, Is.EqualTo(a.Select(value => -value)));
    }

    [Test]
    public void Settings_out_of_range_are_refused()
    {
        PolynomialResidualSettings settings = new() { Features = 2, Nuisances = 2 };
        Assert.That(() => new PolynomialResidual<float>(settings with { Nuisances = 0 }), Throws.ArgumentException.With.Message.Contains("at least 1 nuisance"));
        Assert.That(() => new PolynomialResidual<float>(settings with { Scales = [1] }), Throws.ArgumentException.With.Message.Contains("scale for each of the 2"));
        Assert.That(() => new PolynomialResidual<float>(settings with { CrossTerms = [(1, 0)] }), Throws.ArgumentException);
        using var flow = Models.Spline<float>(3, 0);
        Assert.That(
            () => new FactorizableFlow<float>(flow, new PolynomialResidual<float>(settings)),
            Throws.ArgumentException.With.Message.Contains("base's 3 features, got one of 2"));
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
