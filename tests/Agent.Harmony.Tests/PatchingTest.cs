using System.Reflection;

namespace HarmonyLib.Tests;

/// <summary>
/// What tests that patch share: an owner, a log of what patches saw, and a clean process afterwards. A guarded patch that fails would be
/// silent, so each test ends with a look at what the engine reported. A test calls what it patches from a frame that runs already: if that
/// frame were optimized code with the target inlined (Release and no tiers), only the next call of the test would see the patch.
/// </summary>
public abstract class PatchingTest
{
    protected const string Owner = "tests";

    protected static List<object?> Seen { get; } = [];

    protected Harmony Guarded { get; } = new(Owner);

    /// <summary>Patches as HarmonyLib itself runs them: what they throw reaches the caller.</summary>
    protected Harmony Plain { get; } = new(Owner) { IsGuarded = false };

    [TestInitialize]
    public void Clear()
    {
        Seen.Clear();
        lock (Engine.Reports)
            Engine.Reports.Clear();
    }

    [TestCleanup]
    public void TakeOut()
    {
        Guarded.UnpatchAll();
        Assert.IsEmpty(Harmony.GetAllPatchedMethods());
        lock (Engine.Reports)
            Assert.IsEmpty(Engine.Reports, string.Join('\n', Engine.Reports));
    }

    protected static MethodInfo Method(Type type, string name) => AccessTools.DeclaredMethod(type, name) ?? throw new MissingMethodException(type.Name, name);

    protected void Patch(MethodBase target, Delegate? prefix = null, Delegate? postfix = null, Delegate? finalizer = null) =>
        Patch(Guarded, target, prefix, postfix, finalizer);

    protected static void Patch(Harmony owner, MethodBase target, Delegate? prefix = null, Delegate? postfix = null, Delegate? finalizer = null) =>
        owner.Patch(target, Of(prefix), Of(postfix), finalizer: Of(finalizer));

    static HarmonyMethod? Of(Delegate? patch) => patch is null ? null : new HarmonyMethod(patch);

    /// <summary>Why a method, or a patch for it, is refused; the process is as it was.</summary>
    protected string Refusal(MethodBase target, Delegate? prefix = null, Delegate? postfix = null, Delegate? finalizer = null)
    {
        var before = Harmony.GetAllPatchedMethods().Count();
        var message = Assert.ThrowsExactly<HarmonyException>(() => Patch(target, prefix, postfix, finalizer)).Message;
        Assert.HasCount(before, Harmony.GetAllPatchedMethods());
        return message.Split("cannot be patched: ")[^1];
    }

    protected static void AssertSeen(params object?[] expected) => CollectionAssert.AreEqual(expected, Seen, $"seen: {string.Join(" | ", Seen)}");
}
