using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Random;

[TestFixture]
public sealed class Philox4x32Tests
{
    // Known answers for Philox 4x32 with ten rounds, published with the generator by its authors (Random123).
    [TestCase(0ul, 0ul, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(0x85a308d3243f6a88ul, 0x0370734413198a2eul, 0x299f31d0a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void The_published_known_answers_come_out(
        ulong counterLow, ulong counterHigh, ulong key, uint w0, uint w1, uint w2, uint w3)
    {
        Assert.That(Philox4x32.Block(counterLow, counterHigh, key), Is.EqualTo((w0, w1, w2, w3)));
    }

    [Test]
    public void Eight_lanes_give_the_words_of_eight_single_blocks()
    {
        // The start lies so that the counter's low word carries into the next within the eight.
        const ulong start = 0x1_FFFF_FFFCul;
        var lanes = Philox4x32.EightBlocks(start, 77, 0x123456789ABCDEFul);
        for (var lane = 0; lane < Philox4x32.Lanes; lane++)
        {
            (var w0, var w1, var w2, var w3) = Philox4x32.Block(start + (ulong)lane, 77, 0x123456789ABCDEFul);
            Assert.Multiple(() =>
            {
                Assert.That(lanes.FirstPair[lane], Is.EqualTo(w0 | ((ulong)w1 << 32)));
                Assert.That(lanes.SecondPair[lane], Is.EqualTo(w2 | ((ulong)w3 << 32)));
            });
        }
    }
}
