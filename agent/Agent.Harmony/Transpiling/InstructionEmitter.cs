using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib.Transpiling;

/// <summary>Emits instructions into a method that is made at run time.</summary>
static class InstructionEmitter
{
    /// <exception cref="HarmonyException">Something in it cannot be emitted.</exception>
    public static void Emit(ILGenerator il, IReadOnlyList<CodeInstruction> instructions)
    {
        for (var i = 0; i < instructions.Count; i++)
        {
            var instruction = instructions[i];
            try
            {
                Emit(il, instruction, isLast: i == instructions.Count - 1);
            }
            catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidCastException or InvalidOperationException)
            {
                throw new HarmonyException(instructions, i, e);
            }
        }
    }

    static void Emit(ILGenerator il, CodeInstruction instruction, bool isLast)
    {
        foreach (var block in instruction.blocks)
        {
            switch (block.blockType)
            {
                case ExceptionBlockType.BeginExceptionBlock:
                    il.BeginExceptionBlock();
                    break;
                case ExceptionBlockType.BeginCatchBlock:
                    il.BeginCatchBlock(block.catchType);
                    break;
                case ExceptionBlockType.BeginExceptFilterBlock:
                    throw new NotSupportedException("exception filters cannot be copied into a method that is made at run time");
                case ExceptionBlockType.BeginFaultBlock:
                    throw new NotSupportedException("fault handlers cannot be copied into a method that is made at run time");
                case ExceptionBlockType.BeginFinallyBlock:
                    il.BeginFinallyBlock();
                    break;
            }
        }
        foreach (var label in instruction.labels)
            il.MarkLabel(label);
        EmitCode(il, instruction);
        foreach (var block in instruction.blocks)
        {
            if (block.blockType == ExceptionBlockType.EndExceptionBlock)
                il.EndExceptionBlock();
        }
        if (isLast && instruction.opcode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw))
            il.Emit(OpCodes.Ret);
    }

    static void EmitCode(ILGenerator il, CodeInstruction instruction)
    {
        var opcode = Long(instruction.opcode);
        switch (instruction.operand)
        {
            case null:
                il.Emit(opcode);
                break;
            case Label label:
                il.Emit(opcode, label);
                break;
            case Label[] labels:
                il.Emit(opcode, labels);
                break;
            case LocalBuilder local:
                il.Emit(opcode, local);
                break;
            case string text:
                il.Emit(opcode, text);
                break;
            case Type type:
                il.Emit(opcode, type);
                break;
            case BoundMethod bound:
                throw new NotSupportedException($"{bound.Name} is a delegate with a target, which only transpilers of methods can call");
            case ConstructorInfo constructor:
                il.Emit(opcode, constructor);
                break;
            case MethodInfo method:
                il.Emit(opcode, method);
                break;
            case FieldInfo field:
                il.Emit(opcode, field);
                break;
            case float single:
                il.Emit(opcode, single);
                break;
            case double number:
                il.Emit(opcode, number);
                break;
            case long wide:
                il.Emit(opcode, wide);
                break;
            case RawToken raw:
                throw new NotSupportedException($"{raw} cannot be told as an object (a call through a pointer, or something that cannot be loaded)");
            default:
                EmitNumber(il, opcode, Convert.ToInt32(instruction.operand, CultureInfo.InvariantCulture));
                break;
        }
    }

    static void EmitNumber(ILGenerator il, OpCode opcode, int number)
    {
        switch (opcode.OperandType)
        {
            case OperandType.ShortInlineI when opcode == OpCodes.Ldc_I4_S:
                il.Emit(opcode, (sbyte)number);
                break;
            case OperandType.ShortInlineI or OperandType.ShortInlineVar:
                il.Emit(opcode, (byte)number);
                break;
            case OperandType.InlineVar:
                il.Emit(opcode, (short)number);
                break;
            default:
                il.Emit(opcode, number);
                break;
        }
    }

    /// <summary>Short branches may not reach any more.</summary>
    static OpCode Long(OpCode opcode) => opcode.OperandType != OperandType.ShortInlineBrTarget ? opcode : LongForms.GetValueOrDefault(opcode.Value, opcode);

    static readonly Dictionary<short, OpCode> LongForms = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (OpCode)field.GetValue(null)!)
        .Where(static opcode => opcode.OperandType == OperandType.InlineBrTarget)
        .ToDictionary(static opcode => (short)(opcode == OpCodes.Leave ? OpCodes.Leave_S.Value : opcode.Value - 0x0D));
}
