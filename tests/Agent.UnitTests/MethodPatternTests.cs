using System.Reflection;
using Agent.Instrumentations.Methods;

namespace Agent.UnitTests;

[TestClass]
public sealed class MethodPatternTests
{
    const string Here = "Agent.UnitTests.MethodPatternTests.Shop";

    static class Shop
    {
        public static void Place(string order, int count) { }

        public static void Place(DayOfWeek day) { }

        public static void Replace() { }
    }

    [TestMethod]
    [DataRow(Here + ".Place", 2)]
    [DataRow(Here + ".Place(…)", 2)]
    [DataRow(Here + ".Place(*)", 2)]
    [DataRow(Here + ".Place(string, int)", 1)]
    [DataRow(Here + ".Place( String , System.Int32 )", 1)]
    [DataRow(Here + ".Place(string,*)", 1)]
    [DataRow(Here + ".Place(DayOfWeek)", 1)]
    [DataRow(Here + ".Place(int)", 0)]
    [DataRow(Here + ".Place()", 0)]
    [DataRow(Here + ".*()", 1)]
    [DataRow(Here + ".*", 3)]
    [DataRow("Agent.*lace", 3)]
    [DataRow("*.Shop.Place", 2)]
    [DataRow(Here + ".place", 0)]
    [DataRow("Place*", 0)]
    public void Matches(string text, int count)
    {
        var pattern = MethodPattern.Parse(text)!;
        Assert.AreEqual(count, typeof(Shop).GetMethods(BindingFlags.Static | BindingFlags.Public).Count(pattern.Matches));
        Assert.AreEqual(count > 0, pattern.HasMatched);
    }

    [TestMethod]
    [DataRow("Place")]
    [DataRow(".Place")]
    [DataRow("Shop.")]
    [DataRow("Shop.Place(")]
    [DataRow("Shop.Place(int")]
    [DataRow("Shop.Place)")]
    [DataRow("void Shop.Place()")]
    [DataRow("Shop/Place")]
    [DataRow("()")]
    public void Is_no_pattern(string text) => Assert.IsNull(MethodPattern.Parse(text));

    [TestMethod]
    [DataRow("*", "MyShop", true)]
    [DataRow("*", "System.Text.Json", false)]
    [DataRow("*", "Microsoft.AspNetCore.Http", false)]
    [DataRow("System.Text.Json.*", "System.Text.Json", true)]
    [DataRow("Systematics.*", "Systematics", true)]
    public void The_framework_is_left_alone_unless_it_is_named(string text, string assembly, bool expected) =>
        Assert.AreEqual(expected, MethodPattern.Parse(text)!.IsFor(assembly));
}
