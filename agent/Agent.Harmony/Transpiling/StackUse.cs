using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib.Transpiling;

/// <summary>How many values an instruction takes from the stack and puts on it.</summary>
static class StackUse
{
    public static (int Popped, int Pushed) Of(CodeInstruction instruction, MethodBase method)
    {
        var opcode = instruction.opcode;
        var popped = opcode.StackBehaviourPop switch
        {
            StackBehaviour.Pop0 => 0,
            StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
            StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8 or StackBehaviour.Popi_popr4 or StackBehaviour.Popi_popr8 or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
            StackBehaviour.Varpop => Arguments(instruction, method),
            _ => 3,
        };
        var pushed = opcode.StackBehaviourPush switch
        {
            StackBehaviour.Push0 => 0,
            StackBehaviour.Push1_push1 => 2,
            StackBehaviour.Varpush => instruction.operand is MethodInfo called && called.ReturnType == typeof(void) ? 0 : 1,
            _ => 1,
        };
        return (popped, pushed);
    }

    static int Arguments(CodeInstruction instruction, MethodBase method) => instruction.operand switch
    {
        MethodBase called => called.GetParameters().Length + (called.IsStatic || instruction.opcode == OpCodes.Newobj ? 0 : 1),
        null when instruction.opcode == OpCodes.Ret => AccessTools.GetReturnedType(method) == typeof(void) ? 0 : 1,
        _ => 1,
    };
}
