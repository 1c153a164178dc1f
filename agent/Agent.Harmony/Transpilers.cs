using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib;

/// <summary>What transpilers often do (harmony.pardeike.net, «Transpilers»).</summary>
public static class Transpilers
{
    /// <summary>A call of a delegate. A method of a closure is called on what the delegate is bound to.</summary>
    public static CodeInstruction EmitDelegate<T>(T action) where T : Delegate
    {
        ArgumentNullException.ThrowIfNull(action);
        return action.Method.IsStatic && action.Target is null
            ? new(OpCodes.Call, action.Method)
            : new(OpCodes.Call, new Transpiling.BoundMethod(action));
    }

    /// <summary>Calls one method instead of another.</summary>
    public static IEnumerable<CodeInstruction> MethodReplacer(this IEnumerable<CodeInstruction> instructions, MethodBase from, MethodBase to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        foreach (var instruction in instructions)
        {
            if (instruction.operand as MethodBase == from)
            {
                instruction.opcode = to.IsConstructor ? OpCodes.Newobj : OpCodes.Call;
                instruction.operand = to;
            }
            yield return instruction;
        }
    }

    /// <summary>Does something with each instruction that fits.</summary>
    public static IEnumerable<CodeInstruction> Manipulator(this IEnumerable<CodeInstruction> instructions, Func<CodeInstruction, bool> predicate, Action<CodeInstruction> action)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ArgumentNullException.ThrowIfNull(action);
        return instructions.Select(instruction =>
        {
            if (predicate(instruction))
                action(instruction);
            return instruction;
        });
    }

    /// <summary>Writes a line to <see cref="FileLog"/> before everything else.</summary>
    public static IEnumerable<CodeInstruction> DebugLogger(this IEnumerable<CodeInstruction> instructions, string text) =>
        [new(OpCodes.Ldstr, text), new(OpCodes.Call, typeof(FileLog).GetMethod(nameof(FileLog.Debug))), .. instructions];
}
