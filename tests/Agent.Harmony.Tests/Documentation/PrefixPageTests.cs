using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests.Documentation;

/// <summary>`__state`: what the patches of one class tell each other in one call, of any type and without an allocation of its own.</summary>
[TestClass]
public sealed class PrefixPageTests : PatchingTest
{
    static readonly System.Reflection.MethodInfo Add = Method(typeof(Targets), nameof(Targets.Add));

    static class OfClass
    {
        public static void Prefix(int left, out List<int> __state) => __state = [left];
        public static void Postfix(List<int> __state, int __result) => __state.Add(__result);
        public static void Finalizer(List<int> __state) => Seen.Add(string.Join(",", __state));
    }

    static class OfPrimitive
    {
        public static void Prefix(int left, out double __state) => __state = left;
        public static void Postfix(ref double __state) => __state += 0.5;
        public static void Finalizer(double __state) => Seen.Add(__state);
    }

    static class OfEnum
    {
        public static void Prefix(int left, out DayOfWeek __state) => __state = (DayOfWeek)left;
        public static void Finalizer(DayOfWeek __state) => Seen.Add(__state);
    }

    static class OfBool
    {
        public static void Prefix(out bool __state) => __state = true;
        public static void Finalizer(bool __state) => Seen.Add(__state);
    }

    struct Mixed
    {
        public string Text;
        public int Number;
        public object? Other;
    }

    static class OfStructWithReferences
    {
        public static void Prefix(int left, out Mixed __state) => __state = new Mixed { Text = new string('x', left), Number = left };

        public static void Postfix(ref Mixed __state)
        {
            Engine.Collect();
            __state.Other = __state.Text + "!";
        }

        public static void Finalizer(Mixed __state) => Seen.Add($"{__state.Text} {__state.Number} {__state.Other}");
    }

    [System.Runtime.CompilerServices.InlineArray(64)]
    struct Large
    {
        long _first;
    }

    static class OfLargeStruct
    {
        public static void Prefix(int left, out Large __state)
        {
            __state = default;
            __state[63] = left;
        }

        public static void Finalizer(in Large __state) => Seen.Add(__state[63] + __state[0]);
    }

    static class OfNullable
    {
        public static void Prefix(int left, out int? __state) => __state = left > 1 ? left : null;
        public static void Finalizer(int? __state) => Seen.Add(__state);
    }

    static class OfGenericStruct
    {
        public static void Prefix(int left, out KeyValuePair<string, int> __state) => __state = new("left", left);
        public static void Finalizer(KeyValuePair<string, int> __state) => Seen.Add(__state);
    }

    static class OfTuple
    {
        public static void Prefix(int left, int right, out (int Left, string Right) __state) => __state = (left, $"{right}");
        public static void Finalizer((int Left, string Right) __state) => Seen.Add(__state);
    }

    static class OfArray
    {
        public static void Prefix(int left, out int[] __state) => __state = [left];
        public static void Finalizer(int[] __state) => Seen.Add(__state[0]);
    }

    [TestMethod]
    [DataRow(typeof(OfClass), "2,5")]
    [DataRow(typeof(OfPrimitive), "2.5")]
    [DataRow(typeof(OfEnum), "Tuesday")]
    [DataRow(typeof(OfBool), "True")]
    [DataRow(typeof(OfStructWithReferences), "xx 2 xx!")]
    [DataRow(typeof(OfLargeStruct), "2")]
    [DataRow(typeof(OfNullable), "2")]
    [DataRow(typeof(OfGenericStruct), "[left, 2]")]
    [DataRow(typeof(OfTuple), "(2, 3)")]
    [DataRow(typeof(OfArray), "2")]
    public void State_of_every_type(Type patchClass, string expected)
    {
        Guarded.Patch(Add, new HarmonyMethod(patchClass, "Prefix"), AccessTools.Method(patchClass, "Postfix") is { } postfix ? new HarmonyMethod(postfix) : null,
            finalizer: new HarmonyMethod(patchClass, "Finalizer"));
        Assert.AreEqual(5, Targets.Add(2, 3));
        Assert.AreEqual(expected, Seen.Single()?.ToString());
    }

    static class WithoutPrefix
    {
        public static void Postfix(Mixed __state) => Seen.Add(__state.Text);
        public static void Finalizer(ref Mixed __state) => Seen.Add(__state.Number);
    }

    [TestMethod]
    public void State_starts_with_its_default_value()
    {
        Patch(Add, postfix: WithoutPrefix.Postfix, finalizer: WithoutPrefix.Finalizer);
        Targets.Add(2, 3);
        AssertSeen(null, 0);
    }

    [TestMethod]
    public void Each_class_has_its_own_state()
    {
        Patch(Add, OfClass.Prefix, OfClass.Postfix, OfClass.Finalizer);
        Patch(Add, OfPrimitive.Prefix, OfPrimitive.Postfix, OfPrimitive.Finalizer);
        Targets.Add(2, 3);
        AssertSeen("2,5", 2.5);
    }

    static class OfDepth
    {
        public static void Prefix(int depth, out int __state) => __state = depth;
        public static void Finalizer(int depth, int __state) => Seen.Add(depth == __state);
    }

    [TestMethod]
    public void Each_call_has_its_own_state()
    {
        Patch(Method(typeof(Targets), nameof(Targets.Recursive)), OfDepth.Prefix, finalizer: OfDepth.Finalizer);
        Assert.AreEqual(3, Targets.Recursive(3));
        AssertSeen(true, true, true, true);
    }

    static class OfTwoTypes
    {
        public static void Prefix(out int __state) => __state = 1;
        public static void Postfix(long __state) => Seen.Add(__state);
    }

    [TestMethod]
    public void State_of_two_types_in_one_class_is_refused() => Assert.AreEqual(
        "OfTwoTypes.Postfix wants a __state of type System.Int64, but another patch of its class wants a System.Int32",
        Refusal(Add, OfTwoTypes.Prefix, OfTwoTypes.Postfix));

    static class OfPair
    {
        static long _total;

        public static void Prefix(int left, out KeyValuePair<string, long> __state) => __state = new("left", left);
        public static void Postfix(ref int __result, KeyValuePair<string, long> __state) => __result += (int)__state.Value;
        public static void Finalizer(Exception? __exception, KeyValuePair<string, long> __state) => _total += __exception is null ? __state.Value : 0;
    }

    [TestMethod]
    public void A_patched_call_with_a_struct_as_state_allocates_nothing()
    {
        Patch(Add, OfPair.Prefix, OfPair.Postfix, OfPair.Finalizer);
        var sum = Call(100_000); // warm: everything is compiled and optimized
        var before = GC.GetAllocatedBytesForCurrentThread();
        sum += Call(100_000);
        Assert.AreEqual(0L, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(200_000 * 7L, sum);

        static long Call(int times)
        {
            var sum = 0L;
            for (var i = 0; i < times; i++)
                sum += Targets.Add(2, 3);
            return sum;
        }
    }

    sealed class Till
    {
        public string Log = "";

        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Ring(int count, string name) => Log = $"{count} {name}";

        [MethodImpl(MethodImplOptions.NoInlining)]
        public string Name() => "till" + Log;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public bool IsFullAfter(int coins)
        {
            Log += coins;
            return false;
        }
    }

    [HarmonyPatch(typeof(Till), nameof(Till.Ring))]
    static class OtherName
    {
        static void Prefix(int count, ref string name)
        {
            Seen.Add(count);
            name = "test";
        }
    }

    [TestMethod]
    public void Arguments_are_read_and_changed()
    {
        Guarded.CreateClassProcessor(typeof(OtherName)).Patch();
        var till = new Till();
        till.Ring(3, "bell");
        Assert.AreEqual("3 test", till.Log);
        AssertSeen(3);
    }

    static bool SetsAndGoesOn(ref string __result)
    {
        __result = "test";
        return true;
    }

    static bool SetsAndSkips(ref string __result) => !SetsAndGoesOn(ref __result);

    [TestMethod]
    public void A_result_counts_only_if_the_original_is_skipped()
    {
        Patch(Method(typeof(Till), nameof(Till.Name)), SetsAndGoesOn);
        Assert.AreEqual("till", new Till().Name());
        Patch(Method(typeof(Till), nameof(Till.Name)), SetsAndSkips);
        Assert.AreEqual("test", new Till().Name());
    }

    static bool FullAfterFive(ref bool __result, int coins)
    {
        if (coins <= 5)
            return true;
        __result = true;
        return false;
    }

    [TestMethod]
    public void What_it_returns_is_not_the_result()
    {
        Patch(Method(typeof(Till), nameof(Till.IsFullAfter)), FullAfterFive);
        var till = new Till();
        Assert.IsTrue(till.IsFullAfter(6));
        Assert.IsFalse(till.IsFullAfter(5));
        Assert.AreEqual("5", till.Log);
    }

    [HarmonyPatch(typeof(Till), nameof(Till.Name))]
    static class Measures
    {
        static void Prefix(out Stopwatch __state) => __state = Stopwatch.StartNew();

        static void Postfix(Stopwatch __state) => Seen.Add(__state.IsRunning);
    }

    [TestMethod]
    public void An_object_goes_from_the_prefix_to_the_postfix()
    {
        Guarded.CreateClassProcessor(typeof(Measures)).Patch();
        new Till().Name();
        AssertSeen(true);
    }
}
