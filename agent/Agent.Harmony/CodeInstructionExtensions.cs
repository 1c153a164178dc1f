using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib;

/// <summary>What an instruction does, in questions (harmony.pardeike.net, «CodeInstructionExtensions»).</summary>
public static class CodeInstructionExtensions
{
    internal static readonly HashSet<OpCode> LocalLoads = [OpCodes.Ldloc_0, OpCodes.Ldloc_1, OpCodes.Ldloc_2, OpCodes.Ldloc_3, OpCodes.Ldloc, OpCodes.Ldloc_S];
    internal static readonly HashSet<OpCode> LocalAddresses = [OpCodes.Ldloca, OpCodes.Ldloca_S];
    internal static readonly HashSet<OpCode> LocalStores = [OpCodes.Stloc_0, OpCodes.Stloc_1, OpCodes.Stloc_2, OpCodes.Stloc_3, OpCodes.Stloc, OpCodes.Stloc_S];
    internal static readonly HashSet<OpCode> ArgumentLoads = [OpCodes.Ldarg_0, OpCodes.Ldarg_1, OpCodes.Ldarg_2, OpCodes.Ldarg_3, OpCodes.Ldarg, OpCodes.Ldarg_S];
    internal static readonly HashSet<OpCode> ArgumentAddresses = [OpCodes.Ldarga, OpCodes.Ldarga_S];
    internal static readonly HashSet<OpCode> ArgumentStores = [OpCodes.Starg, OpCodes.Starg_S];
    internal static readonly HashSet<OpCode> CallCodes = [OpCodes.Call, OpCodes.Callvirt];
    internal static readonly HashSet<OpCode> BranchCodes = [.. typeof(OpCodes).GetFields().Select(static field => (OpCode)field.GetValue(null)!).Where(static opcode => opcode.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget && opcode != OpCodes.Leave && opcode != OpCodes.Leave_S)];

    /// <summary>Whether the opcode can be used: it is none of the reserved ones.</summary>
    public static bool IsValid(this OpCode code) => code.Size > 0;

    /// <summary>Whether it is the same instruction with the same operand.</summary>
    public static bool OperandIs(this CodeInstruction code, object? value)
    {
        var operand = code.operand;
        if (value is null || operand is null)
            return value is null && operand is null;
        if (AccessTools.IsNumber(operand.GetType()) && AccessTools.IsNumber(value.GetType()))
        {
            return AccessTools.IsInteger(operand.GetType()) == AccessTools.IsInteger(value.GetType()) && (AccessTools.IsInteger(operand.GetType())
                ? Convert.ToInt64(operand, CultureInfo.InvariantCulture) == Convert.ToInt64(value, CultureInfo.InvariantCulture)
                : Convert.ToDouble(operand, CultureInfo.InvariantCulture).Equals(Convert.ToDouble(value, CultureInfo.InvariantCulture)));
        }
        return Equals(operand, value);
    }

    /// <inheritdoc cref="OperandIs(CodeInstruction, object)"/>
    public static bool OperandIs(this CodeInstruction code, MemberInfo value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Equals(code.operand, value);
    }

    /// <summary>Whether it does that with that operand.</summary>
    public static bool Is(this CodeInstruction code, OpCode opcode, object? operand) => code.opcode == opcode && code.OperandIs(operand);

    /// <inheritdoc cref="Is(CodeInstruction, OpCode, object)"/>
    public static bool Is(this CodeInstruction code, OpCode opcode, MemberInfo operand) => code.opcode == opcode && code.OperandIs(operand);

    /// <summary>Whether it loads an argument, in any form.</summary>
    public static bool IsLdarg(this CodeInstruction code, int? n = null) => ArgumentLoads.Contains(code.opcode) && (n is null || ArgumentIndex(code) == n);

    /// <summary>Whether it loads an argument's address.</summary>
    public static bool IsLdarga(this CodeInstruction code, int? n = null) => ArgumentAddresses.Contains(code.opcode) && (n is null || ArgumentIndex(code) == n);

    /// <summary>Whether it stores to an argument.</summary>
    public static bool IsStarg(this CodeInstruction code, int? n = null) => ArgumentStores.Contains(code.opcode) && (n is null || ArgumentIndex(code) == n);

    /// <summary>Whether it loads a local variable or its address, in any form.</summary>
    public static bool IsLdloc(this CodeInstruction code, LocalBuilder? variable = null) => (LocalLoads.Contains(code.opcode) || LocalAddresses.Contains(code.opcode)) && (variable is null || LocalIndex(code) == variable.LocalIndex);

    /// <summary>Whether it stores to a local variable, in any form.</summary>
    public static bool IsStloc(this CodeInstruction code, LocalBuilder? variable = null) => LocalStores.Contains(code.opcode) && (variable is null || LocalIndex(code) == variable.LocalIndex);

    /// <summary>Whether it jumps, and where to.</summary>
    public static bool Branches(this CodeInstruction code, out Label? label)
    {
        label = BranchCodes.Contains(code.opcode) ? (Label?)code.operand : null;
        return label is not null;
    }

    /// <summary>Whether it calls a method.</summary>
    public static bool Calls(this CodeInstruction code, MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return CallCodes.Contains(code.opcode) && Equals(code.operand, method);
    }

    /// <summary>Whether it loads a constant.</summary>
    public static bool LoadsConstant(this CodeInstruction code) => IntegerOf(code) is not null || code.opcode == OpCodes.Ldc_R4 || code.opcode == OpCodes.Ldc_R8 || code.opcode == OpCodes.Ldstr || code.opcode == OpCodes.Ldnull;

    /// <summary>Whether it loads that whole number.</summary>
    public static bool LoadsConstant(this CodeInstruction code, long number) => IntegerOf(code) == number;

    /// <summary>Whether it loads that number with a fraction.</summary>
    public static bool LoadsConstant(this CodeInstruction code, double number) => (code.opcode == OpCodes.Ldc_R4 || code.opcode == OpCodes.Ldc_R8) && Convert.ToDouble(code.operand, CultureInfo.InvariantCulture).Equals(number);

    /// <summary>Whether it loads that value of an enum.</summary>
    public static bool LoadsConstant(this CodeInstruction code, Enum e) => code.LoadsConstant(Convert.ToInt64(e, CultureInfo.InvariantCulture));

    /// <summary>Whether it loads that string.</summary>
    public static bool LoadsConstant(this CodeInstruction code, string str) => code.opcode == OpCodes.Ldstr && code.operand as string == str;

    static long? IntegerOf(CodeInstruction code)
    {
        var opcode = code.opcode;
        if (opcode.Value >= OpCodes.Ldc_I4_M1.Value && opcode.Value <= OpCodes.Ldc_I4_8.Value)
            return opcode.Value - OpCodes.Ldc_I4_0.Value;
        return opcode == OpCodes.Ldc_I4 || opcode == OpCodes.Ldc_I4_S || opcode == OpCodes.Ldc_I8 ? Convert.ToInt64(code.operand, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Whether it loads a field, or its address.</summary>
    public static bool LoadsField(this CodeInstruction code, FieldInfo field, bool byAddress = false)
    {
        ArgumentNullException.ThrowIfNull(field);
        var opcode = (field.IsStatic, byAddress) switch { (false, false) => OpCodes.Ldfld, (false, true) => OpCodes.Ldflda, (true, false) => OpCodes.Ldsfld, _ => OpCodes.Ldsflda };
        return code.opcode == opcode && Equals(code.operand, field);
    }

    /// <summary>Whether it stores to a field.</summary>
    public static bool StoresField(this CodeInstruction code, FieldInfo field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return code.opcode == (field.IsStatic ? OpCodes.Stsfld : OpCodes.Stfld) && Equals(code.operand, field);
    }

    /// <summary>Which local variable it loads or stores.</summary>
    /// <exception cref="ArgumentException">None.</exception>
    public static int LocalIndex(this CodeInstruction code) => code.operand is LocalBuilder local ? local.LocalIndex : IndexOf(code, LocalLoads, LocalAddresses, LocalStores);

    /// <summary>Which argument it loads or stores.</summary>
    /// <exception cref="ArgumentException">None.</exception>
    public static int ArgumentIndex(this CodeInstruction code) => IndexOf(code, ArgumentLoads, ArgumentAddresses, ArgumentStores);

    static int IndexOf(CodeInstruction code, params HashSet<OpCode>[] kinds) => !Array.Exists(kinds, kind => kind.Contains(code.opcode)) ? throw new ArgumentException($"{code} loads or stores no such variable", nameof(code))
        : code.operand is not null ? Convert.ToInt32(code.operand, CultureInfo.InvariantCulture) : code.opcode.Name![^1] - '0';

    /// <summary>It with more labels.</summary>
    public static CodeInstruction WithLabels(this CodeInstruction code, params Label[] labels) => code.WithLabels(labels.AsEnumerable());

    /// <summary>It with more labels.</summary>
    public static CodeInstruction WithLabels(this CodeInstruction code, IEnumerable<Label> labels)
    {
        code.labels.AddRange(labels);
        return code;
    }

    /// <summary>Takes its labels away.</summary>
    public static List<Label> ExtractLabels(this CodeInstruction code)
    {
        List<Label> labels = [.. code.labels];
        code.labels.Clear();
        return labels;
    }

    /// <summary>Moves its labels to another instruction.</summary>
    public static CodeInstruction MoveLabelsTo(this CodeInstruction code, CodeInstruction other)
    {
        other.WithLabels(code.ExtractLabels());
        return code;
    }

    /// <summary>Moves the labels of another instruction here.</summary>
    public static CodeInstruction MoveLabelsFrom(this CodeInstruction code, CodeInstruction other) => code.WithLabels(other.ExtractLabels());

    /// <summary>It with more parts of try blocks.</summary>
    public static CodeInstruction WithBlocks(this CodeInstruction code, params ExceptionBlock[] blocks) => code.WithBlocks(blocks.AsEnumerable());

    /// <summary>It with more parts of try blocks.</summary>
    public static CodeInstruction WithBlocks(this CodeInstruction code, IEnumerable<ExceptionBlock> blocks)
    {
        code.blocks.AddRange(blocks);
        return code;
    }

    /// <summary>Takes its parts of try blocks away.</summary>
    public static List<ExceptionBlock> ExtractBlocks(this CodeInstruction code)
    {
        List<ExceptionBlock> blocks = [.. code.blocks];
        code.blocks.Clear();
        return blocks;
    }

    /// <summary>Moves its parts of try blocks to another instruction.</summary>
    public static CodeInstruction MoveBlocksTo(this CodeInstruction code, CodeInstruction other)
    {
        other.WithBlocks(code.ExtractBlocks());
        return code;
    }

    /// <summary>Moves the parts of try blocks of another instruction here.</summary>
    public static CodeInstruction MoveBlocksFrom(this CodeInstruction code, CodeInstruction other) => code.WithBlocks(other.ExtractBlocks());
}
