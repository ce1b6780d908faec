using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class PageTests
{
    [TestCase(8, "class=\"scroll\"")]
    [TestCase(14, "class=\"scroll wide\"")]
    public void A_table_of_many_columns_is_set_smaller(int columns, string expected)
    {
        string[] cells = [.. Enumerable.Range(0, columns).Select(i => $"c{i}")];
        Assert.That(new HtmlText().Table("t", cells, [cells]).ToString(), Does.Contain(expected));
    }

    [Test]
    public void A_figure_shrinks_with_the_page_to_three_quarters_of_its_width()
    {
        var figure = new Figure("t");
        figure.Panel(0, 0).Line([0, 1], [0, 1]);
        Assert.That(new InlineFigures().Add(figure, "c"), Does.StartWith(FormattableString.Invariant($"<svg style=\"min-width:{0.75 * figure.Layout().Width:0}px\" ")));
    }
}
