namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Priorities» and «Postfix»: in which order patches run.</summary>
[TestClass]
public sealed partial class PrioritiesPageTests : PatchingTest
{
    static string Say(string text) => text;

    static readonly System.Reflection.MethodInfo SayText = Method(typeof(PrioritiesPageTests), nameof(Say));

    static string PassA(string __result) => __result + "A";
    static string PassB(string __result) => __result + "B";
    static void AppendC(ref string __result) => __result += "C";
    static void AppendD(ref string __result) => __result += "D";

    [TestMethod]
    public void Pass_through_postfixes_run_after_all_others()
    {
        Guarded.Patch(SayText, postfix: new HarmonyMethod(PassA) { priority = Priority.First });
        Guarded.Patch(SayText, postfix: new HarmonyMethod(AppendC) { priority = Priority.Last });
        Guarded.Patch(SayText, postfix: new HarmonyMethod(PassB) { priority = Priority.VeryHigh });
        Guarded.Patch(SayText, postfix: new HarmonyMethod(AppendD));
        Assert.AreEqual("xDCAB", Say("x"));
    }

    static void One() => Seen.Add(1);
    static void Two() => Seen.Add(2);
    static void Three() => Seen.Add(3);

    static void AddTo(string owner, Action patch, int priority, string[]? before = null, string[]? after = null) =>
        new Harmony(owner).Patch(SayText, new HarmonyMethod(patch, priority, before, after));

    [TestMethod]
    public void In_a_circle_the_lowest_priority_gives_up_first()
    {
        AddTo("one", One, Priority.High, after: ["two"]);
        AddTo("two", Two, Priority.Normal, after: ["three"]);
        AddTo("three", Three, Priority.Low, after: ["one"]);
        Say("");
        AssertSeen(3, 2, 1);
    }

    [TestMethod]
    public void Who_is_in_no_circle_does_not_wait_for_it()
    {
        AddTo("one", One, Priority.High, before: ["two"], after: ["two"]);
        AddTo("two", Two, Priority.Normal);
        AddTo("three", Three, Priority.Last);
        Say("");
        AssertSeen(3, 2, 1);
    }
}
