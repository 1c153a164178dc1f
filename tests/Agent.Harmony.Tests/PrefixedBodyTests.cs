using System.Runtime.CompilerServices;
using HarmonyLib.Rejit;
using HarmonyLib.Weaving;

namespace HarmonyLib.Tests;

/// <summary>Prefixes alone need nothing new in a module, whatever they take, and so no copy of its metadata; anything else, and they do.</summary>
[TestClass]
public sealed class PrefixedBodyTests : PatchingTest
{
    sealed class Target
    {
        // Nothing but signatures: of the calls below, and of what is called when one fails.
        readonly string _between;
        public static void Nothing() { }
        public void ThisIsAddressOrReference() => Seen.Add(_between);
        public void Number(int value) => Seen.Add(_between + value);
        public Target() => _between = "";

        [MethodImpl(MethodImplOptions.NoInlining)]
        public string Join(string first, bool isLast, string second)
        {
            try
            {
                return isLast ? first + _between + second : throw new FormatException(first);
            }
            catch (FormatException e) when (e.Message == "caught")
            {
                return "caught";
            }
            finally
            {
                Seen.Add("finally");
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static long Add(long first, long second) => first + second;
    }

    static WovenBody Woven(string method, params Delegate[] prefixes)
    {
        var original = Method(typeof(Target), method);
        var descriptions = new MethodDescription[1];
        descriptions[0].Function = original.MethodHandle.Value;
        Assert.AreEqual(0, RejitLibrary.Describe(descriptions));
        return Weaver.Weave(original, descriptions[0], [.. prefixes.Select(prefix => new Patch(new Harmony(Owner), PatchKind.Prefix, original, new HarmonyMethod(prefix)))]);
    }

    static void AssertNeedsNothingNew(string method, params Delegate[] prefixes)
    {
        var woven = Woven(method, prefixes);
        Assert.HasCount(woven.IlSize, woven.Bytes);
    }

    static void OnCall() => Seen.Add("call");

    static void OnInstance(object __instance) => Seen.Add(__instance.GetType().Name);

    static void OnArguments(object __instance, string first, ref string second)
    {
        Seen.Add($"{__instance.GetType().Name} {first} {second}");
        second = "changed";
    }

    static void OnAddress(ref string second) => second += "!";

    static void OnFlag(object __instance, bool isLast) => Seen.Add($"{__instance is Target} {isLast}");

    [TestMethod]
    public void Arguments_by_value_and_by_reference_results_clauses_and_order_are_the_same()
    {
        Delegate[] each = [OnCall, OnInstance, OnAddress, OnFlag];
        foreach (var prefix in each)
        {
            AssertNeedsNothingNew(nameof(Target.Join), prefix);
            Patch(Method(typeof(Target), nameof(Target.Join)), prefix);
        }
        var target = new Target();
        Assert.AreEqual("ab!", target.Join("a", true, "b"));
        Assert.AreEqual("caught", target.Join("caught", false, "b"));
        Assert.AreEqual("thrown", Assert.ThrowsExactly<FormatException>(() => target.Join("thrown", false, "b")).Message);
        AssertSeen("call", "Target", "True True", "finally", "call", "Target", "True False", "finally", "call", "Target", "True False", "finally");
    }

    [TestMethod]
    public void What_has_no_signature_in_the_module_or_wants_more_is_woven_with_tokens_of_its_own()
    {
        static void OnNumbers(long first, double second) => Seen.Add(first + second);
        static bool Decides() => true;
        static void WithState(out int __state) => __state = 1;
        Delegate[] each = [Decides, WithState];
        foreach (var prefix in each)
        {
            var woven = Woven(nameof(Target.Join), prefix);
            Assert.IsLessThan(woven.Bytes.Length, woven.IlSize);
        }
        Assert.Contains("second", Refusal(Method(typeof(Target), nameof(Target.Add)), OnNumbers));
        Patch(Method(typeof(Target), nameof(Target.Join)), OnArguments);
        Assert.AreEqual("achanged", new Target().Join("a", true, "b"));
        AssertSeen("Target a b", "finally");
    }

    static void Fail(string first)
    {
        if (first == "fail")
            throw new InvalidOperationException("a bug of the agent");
        Seen.Add(first);
    }

    [TestMethod]
    public void A_prefix_that_fails_is_said_and_harms_nobody_and_one_that_is_not_guarded_reaches_the_caller()
    {
        AssertNeedsNothingNew(nameof(Target.Join), Fail);
        var (before, reports) = (Harmony.Report, new List<string>());
        Harmony.Report = reports.Add;
        try
        {
            Patch(Method(typeof(Target), nameof(Target.Join)), Fail);
            Assert.AreEqual("failb", new Target().Join("fail", true, "b"));
            Assert.AreEqual("ab", new Target().Join("a", true, "b"));
        }
        finally
        {
            Harmony.Report = before;
        }
        Assert.Contains("PrefixedBodyTests.Fail failed in", Assert.ContainsSingle(reports));
        AssertSeen("finally", "a", "finally");

        Guarded.UnpatchAll();
        Patch(Plain, Method(typeof(Target), nameof(Target.Join)), Fail);
        Assert.AreEqual("a bug of the agent", Assert.ThrowsExactly<InvalidOperationException>(() => new Target().Join("fail", true, "b")).Message);
    }
}
