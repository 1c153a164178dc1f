using System.Reflection;
using System.Reflection.Emit;
using HarmonyLib;

namespace HarmonyPlugin;

/// <summary>A plugin as people have it who know HarmonyLib: compiled against 0Harmony, and installing its patches itself.</summary>
public static class Startup
{
    public static void Initializing()
    {
        var harmony = new Harmony("harmony.plugin");
        harmony.PatchCategory(Assembly.GetExecutingAssembly(), "main");
        Console.Error.WriteLine($"plugin: {string.Join(", ", harmony.GetPatchedMethods().Select(static method => method.Name))} by {typeof(Harmony).Assembly.GetName().Name}");
        Console.Error.WriteLine($"plugin: {Traverse.Create(new Box()).Field("_content").SetValue("changed").GetValue<string>()}");
        ref var content = ref AccessTools.FieldRefAccess<Box, string>(new Box(), "_content");
        Console.Error.WriteLine($"plugin: {content}, {AccessTools.MethodDelegate<Func<int, int>>(AccessTools.Method(typeof(Box), "Twice")!)(21)}");
        Harmony.ReversePatch(AccessTools.Method(typeof(Box), "Twice")!, new HarmonyMethod(typeof(Startup), nameof(Copy)));
        harmony.Patch(AccessTools.Method(typeof(Box), "Twice")!, transpiler: new HarmonyMethod(typeof(Startup), nameof(Thrice)));
        Console.Error.WriteLine($"plugin: {Copy(10)} {new Box()}");
        harmony.Unpatch(AccessTools.Method(typeof(Box), "Twice")!, HarmonyPatchType.Transpiler, harmony.Id);
        foreach (var patch in Harmony.GetPatchInfo(harmony.GetPatchedMethods().Single())!.Prefixes)
            Console.Error.WriteLine($"plugin: {patch.owner} {patch.priority} {patch.PatchMethod.Name} {AccessTools.all.HasFlag(BindingFlags.NonPublic)}");
    }

    static int Copy(int number) => throw new NotImplementedException($"a stub for {number}");

    static IEnumerable<CodeInstruction> Thrice(IEnumerable<CodeInstruction> instructions) =>
        new CodeMatcher(instructions).MatchStartForward(CodeMatch.LoadsConstant(2)).ThrowIfInvalid("no two").Set(OpCodes.Ldc_I4_3, null).InstructionEnumeration();

    sealed class Box
    {
        readonly string _content = "content";

        static int Twice(int number) => number * 2;

        public override string ToString() => $"{_content} {Twice(1)}";
    }
}

[HarmonyPatch("Program, Courier", "<Main>$"), HarmonyPatchCategory("main"), HarmonyPriority(Priority.High)]
[HarmonyArgument("words", "args")]
static class MainPatch
{
    static void Prefix(string[] words, MethodBase __originalMethod, out int __state) =>
        Console.Error.WriteLine($"plugin: {__originalMethod.Name}({string.Join(", ", words)}) {__state = 1}");

    static void Postfix(object __result, int __state) => Console.Error.WriteLine($"plugin: {__result is Task} {__state}");
}
