using System.Text.Json;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Laws;

/// <summary>No part of the library escapes the laws: every class is in a registered list of kinds, and a part of some entry.</summary>
[TestFixture]
internal sealed class ConstructedKindsTests
{
    private static readonly Type[] _bases = [typeof(Transform<>), typeof(Univariate<>), typeof(Network<>), typeof(MaskedNetwork<>), typeof(BaseDistribution<>)];

    private static readonly HashSet<string> _kindsOfEntries = [.. KindsOfEntries()];

    // Rows of ragged events begin with their number of items, which random conditions do not: the tests of encoders hold it to its laws.
    private static readonly string _ragged = "deep-set-encoder";

    public static IEnumerable<Type> Classes => typeof(Transform<>).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && IsPart(type))
        .OrderBy(type => type.Name, StringComparer.Ordinal);

    [Test]
    public void All_classes_of_parts_are_found() => Assert.That(Classes.Count(), Is.GreaterThanOrEqualTo(17));

    [TestCaseSource(nameof(Classes))]
    public void Every_class_of_parts_is_registered_and_obeys_the_laws(Type type)
    {
        var kind = (string?)type.MakeGenericType(typeof(double)).GetProperty("Kind")?.GetValue(null);
        Assert.That(kind, Is.Not.Null, $"{type.Name} has no kind.");
        Assert.That(PartRegistry.Catalog<double>().Kinds, Does.Contain(kind), $"{type.Name} is not in the list of known parts.");
        if (kind == _ragged)
            return;
        Assert.That(_kindsOfEntries, Does.Contain(kind), $"{type.Name} is in no entry of the lists of laws.");
    }

    private static bool IsPart(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.IsGenericType && _bases.Contains(ancestor.GetGenericTypeDefinition()))
                return true;
        }

        return false;
    }

    private static IEnumerable<string> KindsOfEntries()
    {
        foreach (var law in TransformList.Cases(3))
        {
            foreach (var kind in KindsIn(law.Make<double>()))
                yield return kind;
        }

        foreach (var entry in BaseDistributionList.All)
        {
            foreach (var kind in KindsIn(entry.Create(2)))
                yield return kind;
        }
    }

    internal static List<string> KindsIn(Part<double> part)
    {
        using var document = JsonDocument.Parse(PartWriter.ToJson(part));
        var kinds = new List<string>();
        Collect(document.RootElement, kinds);
        return kinds;
    }

    private static void Collect(JsonElement element, List<string> kinds)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Collect(item, kinds);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (property.Name == PartWriter.KindName)
                    kinds.Add(property.Value.GetString()!);
                else
                    Collect(property.Value, kinds);
            }
        }
    }
}
