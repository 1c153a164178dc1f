using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using HarmonyLib.Weaving;

namespace HarmonyLib.Transpiling;

/// <summary>An operand that cannot be told as an object: a signature, or something whose assembly cannot be loaded. It can be handed on, nothing else.</summary>
sealed record RawToken(int Token)
{
    public override string ToString() => $"token {Token:X8}";
}

/// <summary>Reads the instructions of a method as transpilers see them.</summary>
static class InstructionReader
{
    static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static opcode => opcode.Value);

    /// <summary>A method as reflection knows it. Declares its local variables.</summary>
    /// <exception cref="HarmonyException">It has no IL, or its exception handlers do not lie behind each other.</exception>
    public static List<CodeInstruction> Read(MethodBase method, ILGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { } code)
            throw new HarmonyException($"{MethodName.Of(method)} has no IL");
        var clauses = body.ExceptionHandlingClauses.Select(clause => (
            new ExceptionClause((int)clause.Flags, clause.TryOffset, clause.TryLength, clause.HandlerOffset, clause.HandlerLength, clause.Flags == ExceptionHandlingClauseOptions.Filter ? clause.FilterOffset : 0),
            clause.Flags == ExceptionHandlingClauseOptions.Clause ? clause.CatchType : null)).ToList();
        return Read(method, code, clauses, generator);
    }

    /// <summary>A method as the runtime has it, with the tokens of what its handlers catch.</summary>
    public static List<CodeInstruction> Read(MethodBase method, OriginalBody body, ILGenerator generator)
    {
        var context = Context(method);
        var clauses = body.Clauses.ConvertAll(clause => (clause, clause.Kind == ExceptionClause.Catch ? Resolve(clause.TokenOrFilter, token => method.Module.ResolveType(token, context.Types, context.Methods)) as Type : null));
        return Read(method, body.Code.ToArray(), clauses, generator);
    }

    static (Type[] Types, Type[] Methods) Context(MethodBase method) => (method.DeclaringType?.GetGenericArguments() ?? [], method.IsGenericMethod ? method.GetGenericArguments() : []);

    static List<CodeInstruction> Read(MethodBase method, byte[] code, List<(ExceptionClause Clause, Type? CatchType)> clauses, ILGenerator generator)
    {
        var locals = Locals(method, generator);
        var context = Context(method);
        var instructions = new List<CodeInstruction>();
        var at = new CodeInstruction?[code.Length + 1];
        var branches = new List<(CodeInstruction Instruction, int[] Targets)>();
        for (var i = 0; i < code.Length;)
        {
            var start = i;
            short value = code[i++];
            if (value == 0xFE)
                value = (short)(0xFE00 | code[i++]);
            if (!OpCodesByValue.TryGetValue(value, out var opcode))
                throw new HarmonyException($"its code has the unknown instruction {value:X2} at {start:X4}");
            var operand = code.AsSpan(i);
            var token = opcode.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineSig or OperandType.InlineString or OperandType.InlineTok or OperandType.InlineType
                ? BinaryPrimitives.ReadInt32LittleEndian(operand) : 0;
            var size = 4;
            object? read = null;
            int[]? targets = null;
            switch (opcode.OperandType)
            {
                case OperandType.InlineNone:
                    size = 0;
                    break;
                case OperandType.ShortInlineBrTarget:
                    size = 1;
                    targets = [i + 1 + (sbyte)operand[0]];
                    break;
                case OperandType.InlineBrTarget:
                    targets = [i + 4 + BinaryPrimitives.ReadInt32LittleEndian(operand)];
                    break;
                case OperandType.InlineSwitch:
                    targets = new int[BinaryPrimitives.ReadInt32LittleEndian(operand)];
                    size = 4 + 4 * targets.Length;
                    for (var n = 0; n < targets.Length; n++)
                        targets[n] = i + size + BinaryPrimitives.ReadInt32LittleEndian(operand[(4 + 4 * n)..]);
                    break;
                case OperandType.ShortInlineI:
                    size = 1;
                    read = opcode == OpCodes.Ldc_I4_S ? (sbyte)operand[0] : operand[0];
                    break;
                case OperandType.InlineI:
                    read = BinaryPrimitives.ReadInt32LittleEndian(operand);
                    break;
                case OperandType.InlineI8:
                    size = 8;
                    read = BinaryPrimitives.ReadInt64LittleEndian(operand);
                    break;
                case OperandType.ShortInlineR:
                    read = BinaryPrimitives.ReadSingleLittleEndian(operand);
                    break;
                case OperandType.InlineR:
                    size = 8;
                    read = BinaryPrimitives.ReadDoubleLittleEndian(operand);
                    break;
                case OperandType.ShortInlineVar:
                    size = 1;
                    read = IsOfLocal(opcode) ? locals[operand[0]] : operand[0];
                    break;
                case OperandType.InlineVar:
                    size = 2;
                    var index = BinaryPrimitives.ReadUInt16LittleEndian(operand);
                    read = IsOfLocal(opcode) ? locals[index] : (short)index;
                    break;
                case OperandType.InlineString:
                    read = Resolve(token, method.Module.ResolveString);
                    break;
                case OperandType.InlineSig:
                    read = new RawToken(token);
                    break;
                default:
                    read = Resolve(token, wanted => method.Module.ResolveMember(wanted, context.Types, context.Methods)!);
                    break;
            }
            var instruction = new CodeInstruction { opcode = opcode, operand = read, Read = (read, token) };
            instructions.Add(instruction);
            at[start] = instruction;
            if (targets is not null)
                branches.Add((instruction, targets));
            i += size;
        }
        var labels = new Dictionary<int, Label>();
        foreach (var (instruction, targets) in branches)
        {
            var found = Array.ConvertAll(targets, target => LabelAt(target));
            instruction.operand = instruction.opcode.OperandType == OperandType.InlineSwitch ? found : found[0];
        }
        AddBlocks(instructions, at, clauses);
        return instructions;

        Label LabelAt(int target)
        {
            if (labels.TryGetValue(target, out var label))
                return label;
            labels[target] = label = generator.DefineLabel();
            (at[target] ?? throw NoInstruction(target)).labels.Add(label);
            return label;
        }
    }

    static HarmonyException NoInstruction(int offset) => new($"its code refers to the offset {offset:X4}, where no instruction starts");

    static bool IsOfLocal(OpCode opcode) => opcode.Name!.Contains("loc", StringComparison.Ordinal);

    static List<LocalBuilder> Locals(MethodBase method, ILGenerator generator)
    {
        try
        {
            return [.. method.GetMethodBody()!.LocalVariables.Select(local => generator.DeclareLocal(local.LocalType, local.IsPinned))];
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or TypeLoadException or BadImageFormatException)
        {
            throw new HarmonyException($"the type of one of its local variables cannot be loaded ({e.Message})", e);
        }
    }

    /// <summary>What a token means; itself if that cannot be loaded.</summary>
    static object Resolve(int token, Func<int, object> resolve)
    {
        try
        {
            return resolve(token);
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or TypeLoadException or BadImageFormatException or MissingMemberException or ArgumentException or NotSupportedException)
        {
            return new RawToken(token);
        }
    }

    /// <summary>Says where try blocks and their handlers begin and end. What is around others begins first and ends last.</summary>
    static void AddBlocks(List<CodeInstruction> instructions, CodeInstruction?[] at, List<(ExceptionClause Clause, Type? CatchType)> clauses)
    {
        var before = new Dictionary<CodeInstruction, CodeInstruction>(clauses.Count == 0 ? 0 : instructions.Count);
        for (var i = 1; i < instructions.Count && clauses.Count > 0; i++)
            before[instructions[i]] = instructions[i - 1];
        CodeInstruction At(int offset) => at[offset] ?? throw NoInstruction(offset);
        CodeInstruction Before(int offset) => offset == at.Length - 1 ? instructions[^1] : before[At(offset)];

        for (var i = 0; i < clauses.Count;)
        {
            var first = clauses[i].Clause;
            var next = first.TryOffset + first.TryLength; // where the next handler of the same try block must begin
            var begins = new List<(int Offset, ExceptionBlock Block)>();
            for (; i < clauses.Count && clauses[i].Clause is var clause && clause.TryOffset == first.TryOffset && clause.TryLength == first.TryLength && HandlerStart(clause) == next; i++)
            {
                if (clause.Kind == ExceptionClause.Filter)
                    begins.Add((clause.TokenOrFilter, new(ExceptionBlockType.BeginExceptFilterBlock)));
                begins.Add((clause.HandlerOffset, clause.Kind switch
                {
                    ExceptionClause.Catch => new(ExceptionBlockType.BeginCatchBlock, clauses[i].CatchType) { Token = clause.TokenOrFilter },
                    ExceptionClause.Filter => new(ExceptionBlockType.BeginCatchBlock),
                    2 => new(ExceptionBlockType.BeginFinallyBlock),
                    _ => new(ExceptionBlockType.BeginFaultBlock),
                }));
                next = clause.HandlerOffset + clause.HandlerLength;
            }
            if (begins.Count == 0)
                throw new HarmonyException("its exception handlers do not lie behind what they guard, which transpilers cannot say");
            At(first.TryOffset).blocks.Insert(0, new(ExceptionBlockType.BeginExceptionBlock)); // a later clause is around the earlier ones
            foreach (var (offset, block) in begins)
                At(offset).blocks.Insert(0, block);
            Before(next).blocks.Add(new(ExceptionBlockType.EndExceptionBlock));
        }

        static int HandlerStart(ExceptionClause clause) => clause.Kind == ExceptionClause.Filter ? clause.TokenOrFilter : clause.HandlerOffset;
    }
}
