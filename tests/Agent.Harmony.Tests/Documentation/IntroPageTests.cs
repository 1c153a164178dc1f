using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Introduction»: the first example, both ways.</summary>
[TestClass]
public sealed class IntroPageTests : PatchingTest
{
    sealed class Lamp
    {
        bool _isOn;
        int _switched;

        public void Reset() => (_isOn, _switched) = (false, 0);

        public bool IsOn => _isOn;

        [MethodImpl(MethodImplOptions.NoInlining)]
        int Press()
        {
            if (!_isOn)
                return 0;
            _switched++;
            return _switched * 10;
        }

        public int PressOnce() => Press();
    }

    [HarmonyPatch(typeof(Lamp))]
    [HarmonyPatch("Press")]
    static class LampPatch
    {
        static readonly AccessTools.FieldRef<Lamp, bool> IsOn = AccessTools.FieldRefAccess<Lamp, bool>("_isOn");

        static bool Prefix(Lamp __instance, ref int ____switched)
        {
            IsOn(__instance) = true;
            if (____switched > 2)
                return false;
            ____switched += 1;
            return true;
        }

        static void Postfix(ref int __result) => __result *= 2;
    }

    [TestMethod]
    public void By_annotations()
    {
        var lamp = new Lamp();
        lamp.Reset();
        Assert.AreEqual(0, lamp.PressOnce());
        Guarded.CreateClassProcessor(typeof(LampPatch)).Patch();
        Assert.AreEqual(40, lamp.PressOnce());
        Assert.IsTrue(lamp.IsOn);
        Assert.AreEqual(80, lamp.PressOnce());
        Assert.AreEqual(0, lamp.PressOnce()); // skipped: the default, twice
    }

    static void Before() => Seen.Add("before");

    static void After(int __result) => Seen.Add(__result);

    [TestMethod]
    public void By_hand()
    {
        var original = typeof(Lamp).GetMethod("Press", AccessTools.all)!;
        Guarded.Patch(original, new HarmonyMethod(typeof(IntroPageTests), nameof(Before)), new HarmonyMethod(typeof(IntroPageTests), nameof(After)));
        Assert.AreEqual(0, new Lamp().PressOnce());
        AssertSeen("before", 0);
    }
}
