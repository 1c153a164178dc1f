using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Postfix».</summary>
[TestClass]
public sealed class PostfixPageTests : PatchingTest
{
    sealed class Guest(string name)
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public string Name() => name;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public IEnumerable<int> Rooms()
        {
            Seen.Add(name);
            yield return 1;
            yield return 2;
            yield return 3;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Ring(int times) => Seen.Add($"rings {times}");
    }

    [HarmonyPatch(typeof(Guest), nameof(Guest.Name))]
    static class OtherName
    {
        static void Postfix(ref string __result)
        {
            if (__result == "Ada")
                __result = "Eve";
        }
    }

    [TestMethod]
    public void The_result_is_read_and_changed()
    {
        Guarded.CreateClassProcessor(typeof(OtherName)).Patch();
        Assert.AreEqual("Eve", new Guest("Ada").Name());
        Assert.AreEqual("Bob", new Guest("Bob").Name());
    }

    [HarmonyPatch(typeof(Guest), nameof(Guest.Name))]
    static class Greeting
    {
        static string Postfix(string name) => $"Hello {name}";
    }

    [TestMethod]
    public void What_is_passed_through_may_have_any_name()
    {
        Guarded.CreateClassProcessor(typeof(Greeting)).Patch();
        Assert.AreEqual("Hello Ada", new Guest("Ada").Name());
    }

    [HarmonyPatch(typeof(Guest), nameof(Guest.Rooms))]
    static class OtherRooms
    {
        static IEnumerable<int> Postfix(IEnumerable<int> rooms)
        {
            yield return 0;
            foreach (var room in rooms)
            {
                if (room > 1)
                    yield return room * 10;
            }
            yield return 99;
        }
    }

    [TestMethod]
    public void An_enumeration_is_passed_through()
    {
        Guarded.CreateClassProcessor(typeof(OtherRooms)).Patch();
        CollectionAssert.AreEqual(new[] { 0, 20, 30, 99 }, new Guest("Ada").Rooms().ToArray());
    }

    static object Wider(object result) => result is string ? $"{result}!" : result;
    static object Number(object result) => result is string text ? text.Length : result;

    [TestMethod]
    public void It_may_pass_through_a_wider_type()
    {
        Patch(Method(typeof(Guest), nameof(Guest.Name)), postfix: Wider);
        Assert.AreEqual("Ada!", new Guest("Ada").Name());
    }

    [TestMethod]
    public void What_is_no_such_result_is_the_patchs_failure()
    {
        Patch(Method(typeof(Guest), nameof(Guest.Name)), postfix: Number);
        Assert.AreEqual("Ada", new Guest("Ada").Name());
        lock (Engine.Reports)
        {
            Assert.Contains("InvalidCastException", Engine.Reports.Single());
            Engine.Reports.Clear();
        }
    }

    static bool Skip() => false;
    static void Told(int times) => Seen.Add($"told {times}");

    [TestMethod]
    public void It_runs_though_the_original_is_skipped_and_has_its_arguments()
    {
        Patch(Method(typeof(Guest), nameof(Guest.Ring)), prefix: Skip, postfix: Told);
        Guest.Ring(3);
        AssertSeen("told 3");
    }
}
