using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib;

/// <summary>What an instruction must be to match (harmony.pardeike.net, «CodeMatch»).</summary>
public class CodeMatch : CodeInstruction
{
    /// <summary>A name for the instruction that has matched.</summary>
    public string? name;

    /// <summary>Any of these.</summary>
    public HashSet<OpCode> opcodeSet = [];

    /// <summary>With any of these.</summary>
    public List<object> operands = [];

    /// <summary>Jumped to from there, relative to the instruction.</summary>
    public List<int> jumpsFrom = [];

    /// <summary>Jumping there, relative to the instruction.</summary>
    public List<int> jumpsTo = [];

    /// <summary>What must be true of the instruction; instead of everything else.</summary>
    public Func<CodeInstruction, bool>? predicate;

    /// <summary>Such instructions.</summary>
    public List<OpCode> opcodes
    {
        get => [.. opcodeSet];
        set => opcodeSet = [.. value];
    }

    internal CodeMatch Set(object? operand, string? name)
    {
        (this.operand, this.name) = (this.operand ?? operand, this.name ?? name);
        if (operand is not null)
            operands.Add(operand);
        return this;
    }

    /// <param name="opcode">Such an instruction.</param>
    /// <param name="operand">With that.</param>
    /// <param name="name">A name for it.</param>
    public CodeMatch(OpCode? opcode = null, object? operand = null, string? name = null) : base(opcode ?? default, operand)
    {
        if (opcode is { } known)
            opcodeSet.Add(known);
        if (operand is not null)
            operands.Add(operand);
        this.name = name;
    }

    /// <param name="expression">A call of the method that it calls.</param>
    /// <param name="name">A name for it.</param>
    public CodeMatch(Expression<Action> expression, string? name = null) : this((LambdaExpression)expression, name) { }

    /// <param name="expression">A call of the method that it calls.</param>
    /// <param name="name">A name for it.</param>
    public CodeMatch(LambdaExpression expression, string? name = null) : this(null, SymbolExtensions.GetMethodInfo(expression), name) => opcodeSet.UnionWith(CodeInstructionExtensions.CallCodes);

    /// <param name="instruction">The same.</param>
    /// <param name="name">A name for it.</param>
    public CodeMatch(CodeInstruction instruction, string? name = null) : this(instruction?.opcode, instruction?.operand, name) { }

    /// <param name="predicate">What must be true of it.</param>
    /// <param name="name">A name for it.</param>
    public CodeMatch(Func<CodeInstruction, bool> predicate, string? name = null) => (this.predicate, this.name) = (predicate, name);

    internal bool Matches(List<CodeInstruction> codes, CodeInstruction instruction)
    {
        if (predicate is not null)
            return predicate(instruction);
        if (opcodeSet.Count > 0 && !opcodeSet.Contains(instruction.opcode))
            return false;
        if (operands.Count > 0 && !operands.Exists(value => instruction.OperandIs(value)))
            return false;
        if (labels.Count > 0 && !labels.Intersect(instruction.labels).Any())
            return false;
        if (blocks.Count > 0 && !blocks.Intersect(instruction.blocks).Any())
            return false;
        var at = codes.IndexOf(instruction);
        return jumpsFrom.TrueForAll(from => codes.ElementAtOrDefault(at + from)?.operand is Label label && instruction.labels.Contains(label))
            && jumpsTo.TrueForAll(to => instruction.operand is Label label && codes.ElementAtOrDefault(at + to)?.labels.Contains(label) == true);
    }

    /// <summary>Any of these instructions.</summary>
    public static CodeMatch WithOpcodes(HashSet<OpCode> opcodes, object? operand = null, string? name = null) => new(null, operand, name) { opcodeSet = opcodes };

    /// <inheritdoc cref="CodeInstructionExtensions.IsLdarg"/>
    public static CodeMatch IsLdarg(int? n = null) => new(instruction => instruction.IsLdarg(n));

    /// <inheritdoc cref="CodeInstructionExtensions.IsLdarga"/>
    public static CodeMatch IsLdarga(int? n = null) => new(instruction => instruction.IsLdarga(n));

    /// <inheritdoc cref="CodeInstructionExtensions.IsStarg"/>
    public static CodeMatch IsStarg(int? n = null) => new(instruction => instruction.IsStarg(n));

    /// <inheritdoc cref="CodeInstructionExtensions.IsLdloc"/>
    public static CodeMatch IsLdloc(LocalBuilder? variable = null) => new(instruction => instruction.IsLdloc(variable));

    /// <inheritdoc cref="CodeInstructionExtensions.IsStloc"/>
    public static CodeMatch IsStloc(LocalBuilder? variable = null) => new(instruction => instruction.IsStloc(variable));

    /// <summary>A call of a method.</summary>
    public static CodeMatch Calls(MethodInfo method) => WithOpcodes([.. CodeInstructionExtensions.CallCodes], method);

    /// <summary>A call of the method that an expression calls.</summary>
    public static CodeMatch Calls(Expression<Action> expression) => new(expression);

    /// <summary>A call of the method that an expression calls.</summary>
    public static CodeMatch Calls(LambdaExpression expression) => new(expression);

    /// <summary>Any constant.</summary>
    public static CodeMatch LoadsConstant() => new(static instruction => instruction.LoadsConstant());

    /// <summary>That whole number.</summary>
    public static CodeMatch LoadsConstant(long number) => new(instruction => instruction.LoadsConstant(number));

    /// <summary>That number with a fraction.</summary>
    public static CodeMatch LoadsConstant(double number) => new(instruction => instruction.LoadsConstant(number));

    /// <summary>That value of an enum.</summary>
    public static CodeMatch LoadsConstant(Enum e) => new(instruction => instruction.LoadsConstant(e));

    /// <summary>That string.</summary>
    public static CodeMatch LoadsConstant(string str) => new(instruction => instruction.LoadsConstant(str));

    /// <summary>A load of a field.</summary>
    public static CodeMatch LoadsField(FieldInfo field, bool byAddress = false) => new(instruction => instruction.LoadsField(field, byAddress));

    /// <summary>A store to a field.</summary>
    public static CodeMatch StoresField(FieldInfo field) => new(instruction => instruction.StoresField(field));

    /// <summary>A load of any local variable.</summary>
    public static CodeMatch LoadsLocal(bool useAddress = false, string? name = null) => WithOpcodes([.. useAddress ? CodeInstructionExtensions.LocalAddresses : CodeInstructionExtensions.LocalLoads], null, name);

    /// <summary>A store to any local variable.</summary>
    public static CodeMatch StoresLocal(string? name = null) => WithOpcodes([.. CodeInstructionExtensions.LocalStores], null, name);

    /// <summary>A load of any argument.</summary>
    public static CodeMatch LoadsArgument(bool useAddress = false, string? name = null) => WithOpcodes([.. useAddress ? CodeInstructionExtensions.ArgumentAddresses : CodeInstructionExtensions.ArgumentLoads], null, name);

    /// <summary>A store to any argument.</summary>
    public static CodeMatch StoresArgument(string? name = null) => WithOpcodes([.. CodeInstructionExtensions.ArgumentStores], null, name);

    /// <summary>Any jump.</summary>
    public static CodeMatch Branches(string? name = null) => WithOpcodes([.. CodeInstructionExtensions.BranchCodes], null, name);

    /// <summary>It in words.</summary>
    public override string ToString()
    {
        var said = new List<string>();
        if (name is not null)
            said.Add($"{name}:");
        if (predicate is not null)
            said.Add("predicate=yes");
        if (opcodeSet.Count > 0)
            said.Add($"opcodes={opcodeSet.Join(static opcode => opcode.Name!)}");
        if (operands.Count > 0)
            said.Add($"operands={operands.Join()}");
        return $"[{string.Join(' ', said)}]";
    }
}
