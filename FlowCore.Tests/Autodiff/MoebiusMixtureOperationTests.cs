using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>Means of Möbius maps against Möbius's own formula in complex numbers, their inverse, and sharp ones.</summary>
[TestFixture]
internal sealed class MoebiusMixtureOperationTests
{
    private static readonly Complex[] _centres = [new(0.3, -0.5), new(-0.7, 0.1)];
    private static readonly double[] _weights = [0.4, 0.6];
    private static readonly double[] _angles = [-3, -1.2, 0, 0.4, 2, 3.1];

    // A = |1 + ω|², B = 2 ω_y, C = 1 − ρ².
    private static double[] Numbers(params Complex[] centres) =>
    [
        .. centres.Select(omega => Math.Pow(Complex.Abs(1 + omega), 2)), .. centres.Select(omega => 2 * omega.Imaginary),
        .. centres.Select(omega => 1 - Math.Pow(omega.Magnitude, 2)), .. _weights[..centres.Length].Select(weight => weight / _weights[..centres.Length].Sum()),
    ];

    [Test]
    public void The_image_is_the_mean_of_moebius_maps_that_are_turned_back_at_the_fixed_point()
    {
        var (images, slopes) = Apply<double>(_angles, Numbers(_centres), inverse: false);
        for (var i = 0; i < _angles.Length; i++)
        {
            var expected = (_weights[0] * Image(_angles[i], _centres[0])) + (_weights[1] * Image(_angles[i], _centres[1]));
            const double Step = 1e-5;
            var above = (_weights[0] * Image(_angles[i] + Step, _centres[0])) + (_weights[1] * Image(_angles[i] + Step, _centres[1]));
            var below = (_weights[0] * Image(_angles[i] - Step, _centres[0])) + (_weights[1] * Image(_angles[i] - Step, _centres[1]));
            Assert.That(images[i], Is.EqualTo(expected).Within(4e-15));
            Assert.That(slopes[i], Is.EqualTo(Math.Log((above - below) / (2 * Step))).Within(1e-8)); // rounding over the step
        }
    }

    [Test]
    public void The_inverse_undoes_the_map_also_of_the_sharpest([Values(0, 1)] int kind)
    {
        // ρ of at most 0.999 is what layers make; directions before and behind.
        var numbers = kind == 0 ? Numbers(_centres) : Numbers(Complex.FromPolarCoordinates(0.999, 2.5), Complex.FromPolarCoordinates(0.999, -0.3));
        double[] angles = [-Math.PI, -3.14, -1.2, -0.3, -0.2999, 0, 0.4, 2, 2.4999, 2.5, 3.1, Math.PI];
        var (images, slopes) = Apply<double>(angles, numbers, inverse: false);
        var (back, ofInverse) = Apply<double>(images, numbers, inverse: true);
        for (var i = 0; i < angles.Length; i++)
        {
            // A rounding of the image is one of the angle times the slope of the inverse, at least 10⁻³; the curvature of ln f' is at most 10³.
            var error = 4e-15 * (1 + Math.Exp(-slopes[i]));
            Assert.That(back[i], Is.EqualTo(angles[i]).Within(error));
            Assert.That(ofInverse[i], Is.EqualTo(-slopes[i]).Within(4e3 * error));
        }
    }

    [Test]
    public void Single_precision_agrees_with_double()
    {
        var angles = Array.ConvertAll(_angles, angle => (float)angle);
        var numbers = Numbers(_centres);
        foreach (var inverse in (bool[])[false, true])
        {
            var (precise, preciseSlopes) = Apply<double>(Array.ConvertAll(angles, angle => (double)angle), numbers, inverse);
            var (single, slopes) = Apply<float>(angles, Array.ConvertAll(numbers, number => (float)number), inverse);
            for (var i = 0; i < angles.Length; i++)
            {
                Assert.That((double)single[i], Is.EqualTo(precise[i]).Within(5e-6)); // slopes up to 6
                Assert.That((double)slopes[i], Is.EqualTo(preciseSlopes[i]).Within(2e-5));
            }
        }
    }

    [Test]
    public void What_is_no_number_stays_in_its_row()
    {
        foreach (var inverse in (bool[])[false, true])
        {
            var (clean, _) = Apply<double>([0.3, 0.5, -2], Numbers(_centres), inverse);
            var (values, _) = Apply<double>([0.3, double.NaN, -2], Numbers(_centres), inverse);
            Assert.That(values[1], Is.NaN);
            Assert.That((values[0], values[2]), Is.EqualTo((clean[0], clean[2])));
        }
    }

    [Test]
    public void Adjoints_and_tangents_are_those_of_differences([Values] bool isShared, [Values] bool inverse)
    {
        double[] angles = [-3, -1.2, 0.4, 2];
        var numbers = Numbers(_centres);
        var check = new GradientCheck(4).Block(angles, 1);
        if (isShared)
            check.SharedRow(numbers);
        else
            check.Block([.. numbers, .. numbers, .. numbers, .. numbers], numbers.Length);

        // Differences of curves as sharp as ρ = 0.7 makes them.
        Assert.That(check.Run((_, leaves) => Both(leaves[0], leaves[1], inverse)).Relative, Is.LessThan(1e-6));
        var tangents = new GradientCheck(4).Block(angles, 1).Block([1, -2, 0.5, 3], 1).SharedRow(numbers)
            .Run((tape, leaves) => tape.PushForward(Both(leaves[0], leaves[2], inverse), leaves[0], leaves[1]));
        Assert.That(tangents.Relative, Is.LessThan(1e-6));
    }

    [Test]
    public void The_tangent_of_the_inverse_is_the_reciprocal_of_the_slope()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(_angles.Length, record: true);
        var angle = tape.Input(_angles, 1, requiresAdjoint: true);
        var psi = MoebiusMixtureOperation<double>.Of(inverse: true).Apply(angle, tape.Constant(Numbers(_centres)), out var slope);
        var (tangent, logs) = (new double[_angles.Length], new double[_angles.Length]);
        tape.ReadValue(tape.PushForward(psi, angle, tape.Constant([1.0])), tangent);
        tape.ReadValue(slope, logs);
        for (var i = 0; i < _angles.Length; i++)
            Assert.That(Math.Log(tangent[i]), Is.EqualTo(logs[i]).Within(1e-13));
    }

    // (z + ω)/(1 + ω̄ z) turned such that −1 stays where it is, as an angle.
    private static double Image(double angle, Complex omega)
    {
        var image = Map(Complex.FromPolarCoordinates(1, angle)) / -Map(-1);
        return image.Phase;

        Complex Map(Complex z) => (z - omega) / (1 - (Complex.Conjugate(omega) * z));
    }

    private static Variable<T> Both<T>(Variable<T> angle, Variable<T> numbers, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var image = MoebiusMixtureOperation<T>.Of(inverse).Apply(angle, numbers, out var slope);
        return VariableFunctions.Concatenate(image, slope);
    }

    private static (T[] Images, T[] Slopes) Apply<T>(T[] angles, T[] numbers, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var kernels = Device.Cpu.CreateKernels<T>();
        using var tape = new Tape<T>(kernels);
        tape.Begin(angles.Length, record: false);
        var image = MoebiusMixtureOperation<T>.Of(inverse).Apply(tape.Input(angles, 1), tape.Constant(numbers), out var slope);
        var (values, slopes) = (new T[angles.Length], new T[angles.Length]);
        tape.ReadValue(image, values);
        tape.ReadValue(slope, slopes);
        return (values, slopes);
    }
}
