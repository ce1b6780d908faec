using FlowCore.Random;
using FsCheck.Fluent;
using NUnit.Framework;

namespace FlowCore.Tests.Random;

[TestFixture]
public sealed class RandomStreamTests
{
    private static readonly RandomStream _stream = new(20260111, 3);

    [Test]
    public void Element_i_of_the_words_is_word_i_mod_4_of_block_i_over_4()
    {
        var words = new uint[1000];
        _stream.FillUInt32(words);
        for (var i = 0; i < words.Length; i++)
        {
            (var w0, var w1, var w2, var w3) = Philox4x32.Block((ulong)i / 4, _stream.Stream, _stream.Seed);
            Assert.That(words[i], Is.EqualTo(new[] { w0, w1, w2, w3 }[i % 4]), $"element {i}");
        }
    }

    [Test]
    public void Splitting_a_range_changes_no_bit_of_words() => SplittingChangesNothing<uint>((s, d, o) => s.FillUInt32(d, o));

    [Test]
    public void Splitting_a_range_changes_no_bit_of_uniform_floats() =>
        SplittingChangesNothing<float>((s, d, o) => s.FillUniform<float>(d, o));

    [Test]
    public void Splitting_a_range_changes_no_bit_of_uniform_doubles() =>
        SplittingChangesNothing<double>((s, d, o) => s.FillUniform<double>(d, o));

    [Test]
    public void Splitting_a_range_changes_no_bit_of_normal_floats() =>
        SplittingChangesNothing<float>((s, d, o) => s.FillNormal<float>(d, o));

    [Test]
    public void Splitting_a_range_changes_no_bit_of_normal_doubles() =>
        SplittingChangesNothing<double>((s, d, o) => s.FillNormal<double>(d, o));

    [Test]
    public void Splitting_a_range_changes_no_bounded_integer() =>
        SplittingChangesNothing<int>((s, d, o) => s.FillInt32(d, 1000, o));

    [Test]
    public void Normal_floats_in_lanes_have_the_bits_of_the_scalar_formula()
    {
        var filled = new float[4096];
        var words = new uint[4096];
        _stream.FillNormal<float>(filled);
        _stream.FillUInt32(words);
        for (var i = 0; i < filled.Length; i += 2)
        {
            (var cosine, var sine) = NormalSingleKernel.FromWords(words[i], words[i + 1]);
            Assert.That(
                (BitConverter.SingleToUInt32Bits(filled[i]), BitConverter.SingleToUInt32Bits(filled[i + 1])),
                Is.EqualTo((BitConverter.SingleToUInt32Bits(cosine), BitConverter.SingleToUInt32Bits(sine))),
                $"pair {i / 2}");
        }
    }

    [Test]
    public void Normal_doubles_in_lanes_have_the_bits_of_the_scalar_formula()
    {
        var filled = new double[4096];
        _stream.FillNormal<double>(filled);
        for (var i = 0; i < filled.Length; i += 2)
        {
            (var cosine, var sine) =
                NormalDoubleKernel.FromWords(_stream.UInt64At((ulong)i), _stream.UInt64At((ulong)i + 1));
            Assert.That(
                (BitConverter.DoubleToUInt64Bits(filled[i]), BitConverter.DoubleToUInt64Bits(filled[i + 1])),
                Is.EqualTo((BitConverter.DoubleToUInt64Bits(cosine), BitConverter.DoubleToUInt64Bits(sine))),
                $"pair {i / 2}");
        }
    }

    // Edge words: smallest and largest radius, the quadrants' borders, and a random filling.
    [Test]
    public void Normal_floats_follow_Box_and_Muller_to_float_rounding()
    {
        var words = new uint[20000];
        _stream.FillUInt32(words);
        uint[] edges = [0, 1, 0x1FFFFFFF, 0x20000000, 0x3FFFFFFF, 0x40000000, 0x80000000, 0xDFFFFFFF, 0xE0000000, uint.MaxValue];
        edges.CopyTo(words, 0);
        for (var i = 0; i + 1 < words.Length; i++)
        {
            (var cosine, var sine) = NormalSingleKernel.FromWords(words[i], words[i + 1]);
            // The formula in double, from the float to which the uniform rounds.
            var uniform = MathF.FusedMultiplyAdd(words[i], 1f / 4294967296f, 0.5f / 4294967296f);
            var radius = Math.Sqrt(-2 * Math.Log(uniform));
            var angle = 2 * Math.PI * (words[i + 1] + 0.5) / 4294967296.0;
            // Logarithm, root, angle (0.785 rounds to 3e-8 of it) and product round once or twice each: below 3e-7 of the radius.
            var tolerance = 3e-7 * radius;
            Assert.That(cosine, Is.EqualTo(radius * Math.Cos(angle)).Within(tolerance));
            Assert.That(sine, Is.EqualTo(radius * Math.Sin(angle)).Within(tolerance));
        }
    }

    [Test]
    public void Normal_doubles_follow_Box_and_Muller()
    {
        for (ulong i = 0; i < 20000; i += 2)
        {
            var radiusWord = i == 0 ? 0 : i == 2 ? ulong.MaxValue : _stream.UInt64At(i);
            var angleWord = i == 0 ? ulong.MaxValue : _stream.UInt64At(i + 1);
            (var cosine, var sine) = NormalDoubleKernel.FromWords(radiusWord, angleWord);
            var radius = Math.Sqrt(-2 * Math.Log(((radiusWord >> 11) | 1) / 9007199254740992.0));
            var angle = 2 * Math.PI * (angleWord / 18446744073709551616.0);
            // The reference angle, up to 2π, is itself rounded to 4.4e-16 twice.
            var tolerance = 2e-15 * radius;
            Assert.That(cosine, Is.EqualTo(radius * Math.Cos(angle)).Within(tolerance));
            Assert.That(sine, Is.EqualTo(radius * Math.Sin(angle)).Within(tolerance));
        }
    }

    [Test]
    public void Uniform_numbers_never_reach_zero_or_one()
    {
        Assert.Multiple(() =>
        {
            Assert.That(UniformSingleKernel.FromWord(0), Is.EqualTo(MathF.Pow(2, -24)));
            Assert.That(UniformSingleKernel.FromWord(uint.MaxValue), Is.EqualTo(1f - MathF.Pow(2, -24)));
            Assert.That(UniformDoubleKernel.FromWord(0), Is.EqualTo(Math.Pow(2, -53)));
            Assert.That(UniformDoubleKernel.FromWord(ulong.MaxValue), Is.EqualTo(1.0 - Math.Pow(2, -53)));
        });
    }

    [Test]
    public void Normal_floats_have_the_moments_of_a_standard_normal()
    {
        var values = new float[1 << 20];
        _stream.FillNormal<float>(values);
        CheckMoments(Array.ConvertAll(values, v => (double)v));
    }

    [Test]
    public void Normal_doubles_have_the_moments_of_a_standard_normal()
    {
        var values = new double[1 << 20];
        _stream.FillNormal<double>(values);
        CheckMoments(values);
    }

    [Test]
    public void Normal_floats_pass_Kolmogorov_and_Smirnov()
    {
        var values = new float[1 << 18];
        new RandomStream(20260112).FillNormal<float>(values);
        var sorted = Array.ConvertAll(values, v => NormalCdf(v));
        Assert.That(KolmogorovStatistic(sorted), Is.LessThan(KolmogorovLimit(sorted.Length)));
    }

    [Test]
    public void Normal_doubles_pass_Kolmogorov_and_Smirnov()
    {
        var values = new double[1 << 18];
        new RandomStream(20260112).FillNormal<double>(values);
        var sorted = Array.ConvertAll(values, NormalCdf);
        Assert.That(KolmogorovStatistic(sorted), Is.LessThan(KolmogorovLimit(sorted.Length)));
    }

    [Test]
    public void Uniform_floats_pass_Kolmogorov_and_Smirnov()
    {
        var values = new float[1 << 18];
        new RandomStream(20260113).FillUniform<float>(values);
        var sorted = Array.ConvertAll(values, v => (double)v);
        Assert.That(KolmogorovStatistic(sorted), Is.LessThan(KolmogorovLimit(sorted.Length)));
    }

    [Test]
    public void Substreams_seeds_and_streams_are_uncorrelated()
    {
        const int n = 1 << 16;
        RandomStream[] streams =
        [
            new(1), new(2), new(1, 1), new RandomStream(1).Substream(0), new RandomStream(1).Substream(1),
            new RandomStream(1).Substream(0).Substream(0), new RandomStream(1, 1).Substream(0), new(0), new(ulong.MaxValue, ulong.MaxValue),
        ];
        double[][] values = [.. streams.Select(s =>
        {
            var v = new double[n];
            s.FillNormal<double>(v);
            return v;
        })];
        for (var a = 0; a < values.Length; a++)
        {
            for (var b = 0; b < a; b++)
            {
                var correlation = values[a].Zip(values[b], (x, y) => x * y).Sum() / n;
                // Standard error 1/√n; five of them over 36 pairs are exceeded with probability 2e-5.
                Assert.That(Math.Abs(correlation), Is.LessThan(5 / Math.Sqrt(n)), $"streams {a} and {b}");
            }
        }
    }

    [Test]
    public void Neighbouring_elements_are_uncorrelated()
    {
        const int n = 1 << 18;
        var values = new float[n + 8];
        _stream.FillNormal<float>(values);
        for (var lag = 1; lag <= 8; lag++)
        {
            double sum = 0, sumOfSquares = 0;
            for (var i = 0; i < n; i++)
            {
                sum += (double)values[i] * values[i + lag];
                sumOfSquares += ((double)values[i] * values[i] - 1) * ((double)values[i + lag] * values[i + lag] - 1) / 2;
            }

            Assert.That(Math.Abs(sum / n), Is.LessThan(5 / Math.Sqrt(n)), $"lag {lag}");
            Assert.That(Math.Abs(sumOfSquares / n), Is.LessThan(5 / Math.Sqrt(n)), $"squares, lag {lag}");
        }
    }

    [Test]
    public void Bounded_integers_are_uniform()
    {
        var values = new int[70_000];
        _stream.FillInt32(values, 7);
        var counts = new int[7];
        foreach (var value in values)
            counts[value]++;

        var chiSquared = counts.Sum(c => Math.Pow(c - 10_000, 2) / 10_000);
        Assert.That(chiSquared, Is.LessThan(30.0), "six degrees of freedom: exceeded once in 25,000");
    }

    [Test]
    public void A_bound_above_half_of_the_range_is_drawn_again_until_unbiased()
    {
        // With bound = 3 * 2^62 a quarter of all words is rejected; without it the lowest third would hold half of the values.
        const ulong bound = 3ul << 62;
        var lowest = 0;
        for (ulong i = 0; i < 30_000; i++)
        {
            var value = _stream.BelowAt(bound, i);
            Assert.That(value, Is.LessThan(bound));
            lowest += value % 3 == 0 ? 1 : 0;
        }

        // Binomial, p = 1/3: standard deviation 82; five of them.
        Assert.That(lowest, Is.EqualTo(10_000).Within(410));
    }

    [Test]
    public void A_shuffle_is_a_permutation_that_its_stream_determines()
    {
        FsCheck.Check.One(FsCheck.Config.QuickThrowOnFailure, Prop.ForAll(
            Gen.Choose(0, 300).ToArbitrary(),
            Gen.Choose(0, 1000).ToArbitrary(),
            (length, seed) =>
            {
                int[] first = new int[length], second = new int[length];
                new RandomStream((ulong)seed).FillPermutation(first);
                new RandomStream((ulong)seed).FillPermutation(second);
                return first.SequenceEqual(second) && first.Order().SequenceEqual(Enumerable.Range(0, length));
            }));
    }

    [Test]
    public void Every_order_of_four_is_equally_likely()
    {
        Dictionary<int, int> counts = [];
        var order = new int[4];
        for (ulong i = 0; i < 24_000; i++)
        {
            _stream.Substream(i).FillPermutation(order);
            var code = (order[0] * 64) + (order[1] * 16) + (order[2] * 4) + order[3];
            counts[code] = counts.GetValueOrDefault(code) + 1;
        }

        Assert.That(counts, Has.Count.EqualTo(24));
        Assert.That(counts.Values.Sum(c => Math.Pow(c - 1000, 2) / 1000), Is.LessThan(60.0), "23 degrees of freedom: 4e-5");
    }

    [Test]
    public void Offsets_beyond_two_to_the_33_reach_distinct_blocks()
    {
        uint[] near = new uint[64], far = new uint[64];
        _stream.FillUInt32(near, 0);
        _stream.FillUInt32(far, 1ul << 34);
        Assert.That(near.Intersect(far), Is.Empty);
    }

    [Test]
    public void A_range_beyond_the_last_element_is_refused() =>
        Assert.That(() => _stream.FillUInt32(new uint[3], ulong.MaxValue - 1), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void The_last_element_can_be_drawn() =>
        Assert.That(() => _stream.FillUInt32(new uint[2], ulong.MaxValue - 1), Throws.Nothing);

    [Test]
    public void A_bound_of_zero_is_refused() =>
        Assert.That(() => _stream.FillInt32(new int[1], 0), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Half_precision_is_refused_with_its_name() =>
        Assert.That(() => _stream.FillNormal(new Half[1]), Throws.TypeOf<NotSupportedException>().With.Message.Contains("Half"));

    [Test]
    public void Filling_allocates_nothing()
    {
        var values = new float[1001];
        _stream.FillNormal<float>(values, 3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _stream.FillNormal<float>(values, 3);
        _stream.FillUniform<float>(values, 1);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private delegate void Fill<T>(RandomStream stream, Span<T> destination, ulong offset);

    private static void SplittingChangesNothing<T>(Fill<T> fill)
        where T : unmanaged
    {
        const int length = 700;
        var whole = new T[length];
        fill(_stream, whole, 5);
        // Cuts on either side of each word, block and lane-group boundary.
        foreach (var cut in new[] { 1, 2, 3, 4, 5, 7, 27, 31, 32, 33, 59, 63, 64, 65, 127, 128, 129, 511, 699 })
        {
            var parts = new T[length];
            fill(_stream, parts.AsSpan(0, cut), 5);
            fill(_stream, parts.AsSpan(cut), 5 + (ulong)cut);
            Assert.That(parts, Is.EqualTo(whole), $"cut at {cut}");
        }

        var one = new T[1];
        for (var i = 0; i < length; i++)
        {
            fill(_stream, one, 5 + (ulong)i);
            Assert.That(one[0], Is.EqualTo(whole[i]), $"element {i} alone");
        }
    }

    private static void CheckMoments(double[] values)
    {
        double n = values.Length;
        // Variances of the powers: 1, 2, 15, 96; five standard errors each.
        Assert.Multiple(() =>
        {
            Assert.That(values.Sum() / n, Is.EqualTo(0).Within(5 * Math.Sqrt(1 / n)));
            Assert.That(values.Sum(v => v * v) / n, Is.EqualTo(1).Within(5 * Math.Sqrt(2 / n)));
            Assert.That(values.Sum(v => v * v * v) / n, Is.EqualTo(0).Within(5 * Math.Sqrt(15 / n)));
            Assert.That(values.Sum(v => v * v * v * v) / n, Is.EqualTo(3).Within(5 * Math.Sqrt(96 / n)));
        });
    }

    private static double KolmogorovStatistic(double[] probabilities)
    {
        Array.Sort(probabilities);
        double n = probabilities.Length;
        double largest = 0;
        for (var i = 0; i < probabilities.Length; i++)
            largest = Math.Max(largest, Math.Max(((i + 1) / n) - probabilities[i], probabilities[i] - (i / n)));

        return largest;
    }

    // A right generator exceeds 2.0/√n with probability 2 exp(-8) = 7e-4, and the seed is fixed.
    private static double KolmogorovLimit(int n) => 2.0 / Math.Sqrt(n);

    // Φ(z) by its everywhere convergent series ½ + φ(z) (z + z³/3 + z⁵/(3·5) + ...), in double.
    private static double NormalCdf(double z)
    {
        var term = z;
        var sum = z;
        for (var k = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); k += 2)
        {
            term *= z * z / k;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));
    }
}
