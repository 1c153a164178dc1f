using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Benchmarks.Engine;

/// <summary>The patches that are measured. They do nothing, so what is measured is how they are called; not inlined, as patches cannot be.</summary>
static class Hooks
{
    static readonly object State = new();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Prefix() { }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Postfix() { }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Finally(Exception? __exception) { }

    /// <summary>Instructions that do as much as before, but anew.</summary>
    public static IEnumerable<CodeInstruction> Transpiler(IEnumerable<CodeInstruction> instructions) =>
        instructions.Select(static instruction => new CodeInstruction(instruction.opcode, instruction.operand) { labels = instruction.labels, blocks = instruction.blocks });

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void PrefixWithState(out object __state) => __state = State;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Finalizer(Exception? __exception, object __state) { }
}
