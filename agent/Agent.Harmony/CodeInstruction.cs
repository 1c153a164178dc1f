using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib;

/// <summary>One instruction of a method: what it does, with what, and what stands at it (harmony.pardeike.net, «Transpiler codes»).</summary>
public class CodeInstruction
{
    /// <summary>What it does.</summary>
    public OpCode opcode;

    /// <summary>With what: a number, a string, a member or type, a <see cref="Label"/> or several, a <see cref="LocalBuilder"/>, or nothing.</summary>
    public object? operand;

    /// <summary>Jumps to these go here.</summary>
    public List<Label> labels = [];

    /// <summary>Parts of try blocks that begin or end here.</summary>
    public List<ExceptionBlock> blocks = [];

    /// <summary>The operand as it was read, and its token in the original's module: as long as the operand is the same, so is the token.</summary>
    internal (object? Operand, int Token) Read { get; init; }

    /// <param name="opcode">What it does.</param>
    /// <param name="operand">With what.</param>
    public CodeInstruction(OpCode opcode, object? operand = null) => (this.opcode, this.operand) = (opcode, operand);

    /// <param name="instruction">What it shall be a copy of, with labels and blocks.</param>
    public CodeInstruction(CodeInstruction instruction)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        (opcode, operand, labels, blocks, Read) = (instruction.opcode, instruction.operand, [.. instruction.labels], [.. instruction.blocks], instruction.Read);
    }

    internal CodeInstruction()
    {
    }

    /// <summary>A copy without labels and blocks.</summary>
    public CodeInstruction Clone() => new(this) { labels = [], blocks = [] };

    /// <summary>A copy that does something else, without labels and blocks.</summary>
    public CodeInstruction Clone(OpCode opcode)
    {
        var clone = Clone();
        clone.opcode = opcode;
        return clone;
    }

    /// <summary>A copy that does it with something else, without labels and blocks.</summary>
    public CodeInstruction Clone(object? operand)
    {
        var clone = Clone();
        clone.operand = operand;
        return clone;
    }

    /// <summary>A call of a method.</summary>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static CodeInstruction Call(Type type, string name, Type[]? parameters = null, Type[]? generics = null) =>
        new(OpCodes.Call, AccessTools.Method(type, name, parameters, generics) ?? throw new ArgumentException($"no method found for type={type}, name={name}, parameters={parameters.Description()}, generics={generics.Description()}"));

    /// <summary>A call of a method: «Namespace.Type:Method».</summary>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static CodeInstruction Call(string typeColonMethodname, Type[]? parameters = null, Type[]? generics = null) =>
        new(OpCodes.Call, AccessTools.Method(typeColonMethodname, parameters, generics) ?? throw new ArgumentException($"no method found for {typeColonMethodname}, parameters={parameters.Description()}, generics={generics.Description()}"));

    /// <summary>A call of the method that an expression calls.</summary>
    public static CodeInstruction Call(Expression<Action> expression) => new(OpCodes.Call, SymbolExtensions.GetMethodInfo(expression));

    /// <inheritdoc cref="Call(Expression{Action})"/>
    public static CodeInstruction Call<T>(Expression<Action<T>> expression) => new(OpCodes.Call, SymbolExtensions.GetMethodInfo(expression));

    /// <inheritdoc cref="Call(Expression{Action})"/>
    public static CodeInstruction Call<T, TResult>(Expression<Func<T, TResult>> expression) => new(OpCodes.Call, SymbolExtensions.GetMethodInfo(expression));

    /// <inheritdoc cref="Call(Expression{Action})"/>
    public static CodeInstruction Call(LambdaExpression expression) => new(OpCodes.Call, SymbolExtensions.GetMethodInfo(expression));

    /// <summary>A call of a delegate's method, of whatever it is bound to.</summary>
    public static CodeInstruction CallClosure<T>(T closure) where T : Delegate => Transpilers.EmitDelegate(closure);

    /// <summary>Loads a field, or its address.</summary>
    /// <exception cref="ArgumentException">There is no such field.</exception>
    public static CodeInstruction LoadField(Type type, string name, bool useAddress = false)
    {
        var field = AccessTools.Field(type, name) ?? throw new ArgumentException($"no field found for {type} and {name}");
        return new((field.IsStatic, useAddress) switch { (false, false) => OpCodes.Ldfld, (false, true) => OpCodes.Ldflda, (true, false) => OpCodes.Ldsfld, _ => OpCodes.Ldsflda }, field);
    }

    /// <summary>Stores to a field.</summary>
    /// <exception cref="ArgumentException">There is no such field.</exception>
    public static CodeInstruction StoreField(Type type, string name)
    {
        var field = AccessTools.Field(type, name) ?? throw new ArgumentException($"no field found for {type} and {name}");
        return new(field.IsStatic ? OpCodes.Stsfld : OpCodes.Stfld, field);
    }

    /// <summary>Loads a local variable, or its address, in the shortest form.</summary>
    public static CodeInstruction LoadLocal(int index, bool useAddress = false) => useAddress ? Of(index, OpCodes.Ldloca_S, OpCodes.Ldloca) : Of(index, OpCodes.Ldloc_S, OpCodes.Ldloc, OpCodes.Ldloc_0, OpCodes.Ldloc_1, OpCodes.Ldloc_2, OpCodes.Ldloc_3);

    /// <summary>Stores to a local variable, in the shortest form.</summary>
    public static CodeInstruction StoreLocal(int index) => Of(index, OpCodes.Stloc_S, OpCodes.Stloc, OpCodes.Stloc_0, OpCodes.Stloc_1, OpCodes.Stloc_2, OpCodes.Stloc_3);

    /// <summary>Loads an argument, or its address, in the shortest form.</summary>
    public static CodeInstruction LoadArgument(int index, bool useAddress = false) => useAddress ? Of(index, OpCodes.Ldarga_S, OpCodes.Ldarga) : Of(index, OpCodes.Ldarg_S, OpCodes.Ldarg, OpCodes.Ldarg_0, OpCodes.Ldarg_1, OpCodes.Ldarg_2, OpCodes.Ldarg_3);

    /// <summary>Stores to an argument, in the shortest form.</summary>
    public static CodeInstruction StoreArgument(int index) => Of(index, OpCodes.Starg_S, OpCodes.Starg);

    static CodeInstruction Of(int index, OpCode shortForm, OpCode longForm, params OpCode[] first) =>
        index < first.Length ? new(first[index]) : index < 256 ? new(shortForm, (byte)index) : new(longForm, (short)index);

    /// <summary>Whether such a part of a try block begins or ends here.</summary>
    public bool HasBlock(ExceptionBlockType type) => blocks.Exists(block => block.blockType == type);

    /// <summary>It in words.</summary>
    public override string ToString()
    {
        var said = operand switch
        {
            null => "NULL",
            Label label => $"Label{label.GetHashCode()}",
            Label[] several => $"Labels{string.Join(",", several.Select(static label => label.GetHashCode()))}",
            LocalBuilder local => $"{local.LocalIndex} ({local.LocalType})",
            string text => text.ToLiteral(),
            Type type => type.FullDescription(),
            MethodBase method => method.FullDescription(),
            FieldInfo field => $"{field.FieldType.FullDescription()} {field.DeclaringType.FullDescription()}::{field.Name}",
            _ => $"{operand}",
        };
        var marks = string.Join(", ", labels.Select(static label => $"Label{label.GetHashCode()}").Concat(blocks.Select(static block => $"EX_{block.blockType}")));
        return $"{opcode.Name} {said}{(marks.Length > 0 ? $" [{marks}]" : "")}";
    }
}

/// <summary>A part of a try block (harmony.pardeike.net, «ExceptionBlock»).</summary>
public enum ExceptionBlockType
{
    /// <summary>What is guarded begins.</summary>
    BeginExceptionBlock,

    /// <summary>A catch begins.</summary>
    BeginCatchBlock,

    /// <summary>A filter begins.</summary>
    BeginExceptFilterBlock,

    /// <summary>A fault handler begins.</summary>
    BeginFaultBlock,

    /// <summary>A finally begins.</summary>
    BeginFinallyBlock,

    /// <summary>The whole ends after this instruction.</summary>
    EndExceptionBlock,
}

/// <summary>A part of a try block that begins before, or ends after, an instruction.</summary>
public class ExceptionBlock
{
    /// <summary>Which part.</summary>
    public ExceptionBlockType blockType;

    /// <summary>What a catch catches.</summary>
    public Type? catchType;

    /// <summary>The token of <see cref="catchType"/> in the original's module; 0 if it was not read there.</summary>
    internal int Token { get; init; }

    /// <param name="blockType">Which part.</param>
    /// <param name="catchType">What a catch catches; object without one.</param>
    public ExceptionBlock(ExceptionBlockType blockType, Type? catchType = null) => (this.blockType, this.catchType) = (blockType, catchType ?? typeof(object));
}
