using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Inference;
using FlowCore.Manifolds;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Numerics;

[TestFixture]
public sealed class PrintedResultTests
{
    // What the user writes is not what the user prints: options are left out. A record prints its members by their ToString, which for an array or a list is the name of its type.
    private static IEnumerable<Type> RecordsWithLists() => typeof(Flow<>).Assembly.GetExportedTypes().Where(type =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly) is not null
        && !type.IsAbstract && !type.Name.Contains("Options", StringComparison.Ordinal) && !type.Name.Contains("Settings", StringComparison.Ordinal)
        && type != typeof(LayerOverride)
        && type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Any(property =>
            property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType)));

    [TestCaseSource(nameof(RecordsWithLists))]
    public void A_record_with_lists_prints_its_numbers_not_their_type(Type record)
    {
        var print = record.GetMethod(nameof(ToString), Type.EmptyTypes)!;
        Assert.That(print.GetCustomAttribute<CompilerGeneratedAttribute>(), Is.Null, $"{record.Name} would print the type of a list.");
    }

    [Test]
    public void Lists_are_printed_number_by_number()
    {
        using var flow = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(new Affine<double>(), 1, "map"));
        Assert.Multiple(() =>
        {
            Assert.That(new LocationScale([0.5, -3], [1, 2]).ToString(), Is.EqualTo("location [0.5, -3], scale [1, 2]"));
            Assert.That(flow.Moments().ToString(), Does.Match(@"^x_0: mean -?[0-9.e-]+ ± [0-9.e-]+, variance [0-9.]+ ± [0-9.]+$"));
        });
    }
}
