using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class MathTextTests
{
    [Test]
    public void Markup_is_not_part_of_the_text()
    {
        Assert.That(MathText.Parse(@"p(x_1 | ν_{shift}), x^{2}, \nu \Delta y \times 3", 12).PlainText, Is.EqualTo("p(x1 | νshift), x2, νΔy ×3"));
        Assert.That(MathText.Parse(@"a\_b\^c\{d\}\$\\", 12).PlainText, Is.EqualTo(@"a_b^c{d}$\"));
    }

    [Test]
    public void Scripts_reach_above_and_below()
    {
        var plain = MathText.Parse("x", 12);
        Assert.That(MathText.Parse("x_1", 12).Descent, Is.GreaterThan(plain.Descent));
        Assert.That(MathText.Parse("x^1", 12).Ascent, Is.GreaterThan(plain.Ascent));
        Assert.That(MathText.Parse("x_{1_2}", 12).Descent, Is.GreaterThan(MathText.Parse("x_1", 12).Descent));
    }

    [Test]
    public void A_sub_and_a_superscript_stand_above_each_other()
    {
        var both = MathText.Parse("x_{12}^{12}", 12).Width;
        Assert.That(both, Is.EqualTo(MathText.Parse("x_{12}", 12).Width));
        Assert.That(both, Is.LessThan(MathText.Parse("x_{12}y^{12}", 12).Width));
    }

    [Test]
    public void Widths_follow_the_font_and_its_size()
    {
        double narrow = MathText.Parse("iiii", 10).Width, wide = MathText.Parse("WWWW", 10).Width;
        Assert.That(wide, Is.GreaterThan(3 * narrow));
        Assert.That(MathText.Parse("WWWW", 20).Width, Is.EqualTo(2 * wide).Within(1e-12));
        Assert.That(MathText.Parse("abc", 10, bold: true).Width, Is.GreaterThan(MathText.Parse("abc", 10).Width));
    }

    [Test]
    public void Escaped_text_shows_its_own_characters()
    {
        const string Text = @"a_b^c{d}$e\f";
        Assert.That(MathText.Parse(MathText.Escape(Text), 12).PlainText, Is.EqualTo(Text));
    }

    [TestCase("x_")]
    [TestCase("x^{2")]
    [TestCase("x}")]
    [TestCase(@"\nosuchletter")]
    [TestCase(@"x\")]
    [TestCase("$x")]
    public void Broken_markup_is_refused(string markup) =>
        Assert.That(() => MathText.Parse(markup, 12), Throws.ArgumentException.With.Message.Contains(markup));

    [Test]
    public void Variables_are_set_in_italics_and_words_and_digits_are_not()
    {
        var figure = new Figure("t");
        figure.Panel(0, 0).XLabel("$log x_1 - 2$");
        var svg = figure.ToSvg();
        Assert.That(svg, Does.Contain("log <tspan class=\"i\">x</tspan>"));
        Assert.That(svg, Does.Contain(" − 2</tspan>"));
    }
}
