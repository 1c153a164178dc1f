using System.Reflection;
using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests;

/// <summary>What `./build.sh torture` has found, each in a few lines.</summary>
[TestClass]
public sealed class TortureFindingsTests
{
    readonly Harmony _harmony = new("torture findings");

    static void Empty() { }

    string Reason(MethodBase method) => Assert.ThrowsExactly<HarmonyException>(() => _harmony.Patch(method, prefix: new HarmonyMethod(Empty))).Message.Split("cannot be patched: ")[^1];

    static MethodInfo CoreLib(string type, string method) => AccessTools.Method(typeof(object).Assembly.GetType(type, throwOnError: true)!, method)!;

    [TestMethod]
    [DataRow("System.Runtime.CompilerServices.CastHelpers", "Box")]
    [DataRow("System.Runtime.CompilerServices.GenericsHelpers", "Method")]
    [DataRow("System.Buffer", "BulkMoveWithWriteBarrier")]
    [DataRow("System.RuntimeTypeHandle", "GetRuntimeTypeFromHandle")]
    [DataRow("System.SpanHelpers", "Memmove")]
    public void A_helper_of_the_JIT_would_keep_its_patch(string type, string method) =>
        Assert.AreEqual("compiled code calls it at an address that the JIT has written there, so a patch could not be taken out of it", Reason(CoreLib(type, method)));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_size")]
    static extern ref int Size(List<int> list);

    [TestMethod]
    public void An_unsafe_accessor_has_no_IL()
    {
        Assert.AreEqual("it has no IL (extern)", Reason(((Delegate)Size).Method));
        Assert.AreEqual(2, Size([1, 2]));
    }
}
