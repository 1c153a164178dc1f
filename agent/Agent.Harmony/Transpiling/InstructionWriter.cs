using System.Buffers.Binary;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using HarmonyLib.Weaving;

namespace HarmonyLib.Transpiling;

/// <summary>
/// Writes what transpilers have returned as a body for the original's module. An operand that was there before keeps its token. A member or type of the same module
/// has one of its own, if the original may use it. Anything else needs no reference: a method is called through its address, a field or a private type is used by a
/// small method that may (<see cref="Indirection"/>), a type is named by the runtime's own handle (decisions/0055).
/// </summary>
sealed class InstructionWriter
{
    readonly MethodBase _method;
    readonly IlWriter _il = new();
    readonly List<CodeInstruction> _read;
    readonly Dictionary<Label, int> _labels = [];
    readonly List<ExceptionClause> _clauses = [];
    readonly List<TokenUse> _catchTypes = [];
    readonly Stack<OpenBlock> _open = [];
    CodeInstruction? _previous;
    bool _isReached = true; // whether the code goes on behind the last instruction
    int _depth, _maxDepth;

    InstructionWriter(MethodBase method, List<CodeInstruction> read) => (_method, _read) = (method, read);

    /// <summary>What the original had, with its token.</summary>
    /// <summary>Everything that is to be written.</summary>
    List<CodeInstruction> _written = [];

    Dictionary<object, int> KnownTokens => field ??= FindTokens();

    Dictionary<object, int> FindTokens()
    {
        var known = new Dictionary<object, int>();
        foreach (var instruction in _read)
        {
            if (instruction.Read.Token != 0 && instruction.Read.Operand is { } operand)
                known.TryAdd(operand, instruction.Read.Token);
        }
        return known;
    }

    /// <param name="method">The original.</param>
    /// <param name="original">Its body, for its header and the types of its local variables.</param>
    /// <param name="read">Its instructions as they were read.</param>
    /// <param name="instructions">What transpilers have made of them.</param>
    /// <param name="generator">What they were given.</param>
    /// <exception cref="HarmonyException">Something in it cannot be written.</exception>
    public static TranspiledBody Write(MethodBase method, OriginalBody original, List<CodeInstruction> read, List<CodeInstruction> instructions, TranspilerGenerator generator)
    {
        var writer = new InstructionWriter(method, read) { _written = instructions };
        for (var i = 0; i < instructions.Count; i++)
            writer.Write(instructions[i] ?? throw new HarmonyException($"instruction {i} is null"), i);
        if (writer._open.Count > 0)
            throw new HarmonyException("a try block is not ended");
        var (count, locals) = SignatureReader.Locals(original.LocalsToken == 0 ? [] : method.Module.ResolveSignature(original.LocalsToken));
        var types = new List<byte>(locals);
        foreach (var local in generator.Locals.Skip(count))
        {
            if (local.IsPinned)
                types.Add(Element.Pinned);
            types.AddRange(TypeSignature.OfLocal(local.LocalType));
        }
        var all = Math.Max(count, generator.Locals.Count);
        return new TranspiledBody(writer._il.ToArray(), Math.Max(original.MaxStack, writer._maxDepth) + 4, original.InitLocals || all > count, all, [.. types], writer._clauses, writer._il.Tokens, writer._catchTypes);
    }

    void Write(CodeInstruction instruction, int index)
    {
        try
        {
            foreach (var block in instruction.blocks)
            {
                if (block.blockType != ExceptionBlockType.EndExceptionBlock)
                    Begin(block);
            }
            foreach (var label in instruction.labels)
                _il.Mark(LabelOf(label));
            if (instruction.labels.Count > 0)
                _isReached = true;
            WriteCode(instruction);
            Count(instruction);
            _isReached = instruction.opcode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw);
            foreach (var block in instruction.blocks)
            {
                if (block.blockType == ExceptionBlockType.EndExceptionBlock)
                    End();
            }
            _previous = instruction;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new HarmonyException(_written, index, e);
        }
    }

    /// <summary>How many bytes an instruction is long.</summary>
    public static int Size(CodeInstruction instruction) => instruction.opcode.Size + instruction.opcode.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * ((instruction.operand as Label[])?.Length ?? 0),
        _ => 4,
    };

    int LabelOf(Label label)
    {
        if (!_labels.TryGetValue(label, out var known))
            _labels[label] = known = _il.NewLabel();
        return known;
    }

    // try blocks

    sealed record OpenBlock(int Start, int EndLabel)
    {
        public int TryEnd { get; set; } = -1;
        public int Kind { get; set; } = -1;
        public int HandlerStart { get; set; }
        public int FilterStart { get; set; } = -1;
        public ExceptionBlock? Catch { get; set; }
        public List<(ExceptionClause Clause, ExceptionBlock? Catch)> Done { get; } = [];
    }

    void Begin(ExceptionBlock block)
    {
        if (block.blockType == ExceptionBlockType.BeginExceptionBlock)
        {
            _open.Push(new OpenBlock(_il.Position, _il.NewLabel()));
            return;
        }
        var open = _open.Count > 0 ? _open.Peek() : throw new InvalidOperationException("a handler begins outside of a try block");
        if (block.blockType == ExceptionBlockType.BeginCatchBlock && open is { FilterStart: >= 0, Kind: ExceptionClause.Filter, HandlerStart: < 0 })
        {
            if (_isReached)
                _il.Bytes([0xFE, 0x11]); // endfilter
            open.HandlerStart = _il.Position;
        }
        else
        {
            EndPart(open);
            (open.Kind, open.Catch, open.HandlerStart, open.FilterStart) = block.blockType switch
            {
                ExceptionBlockType.BeginCatchBlock => (ExceptionClause.Catch, block, _il.Position, -1),
                ExceptionBlockType.BeginFinallyBlock => (2, null, _il.Position, -1),
                ExceptionBlockType.BeginFaultBlock => (4, null, _il.Position, -1),
                _ => (ExceptionClause.Filter, (ExceptionBlock?)null, -1, _il.Position),
            };
        }
        _isReached = true;
        _depth = open.Kind is ExceptionClause.Catch or ExceptionClause.Filter ? 1 : 0;
        _maxDepth = Math.Max(_maxDepth, 1);
    }

    /// <summary>The try part, or a handler, ends here: whoever would go on leaves.</summary>
    void EndPart(OpenBlock open)
    {
        if (_isReached && open.Kind is 2 or 4)
            _il.Op(0xDC); // endfinally
        else if (_isReached)
            _il.Branch(0xDD, open.EndLabel); // leave
        if (open.TryEnd < 0)
        {
            open.TryEnd = _il.Position;
            return;
        }
        if (open.HandlerStart < 0)
            throw new InvalidOperationException("a filter has no handler");
        open.Done.Add((new ExceptionClause(open.Kind, open.Start, open.TryEnd - open.Start, open.HandlerStart, _il.Position - open.HandlerStart, open.Kind == ExceptionClause.Filter ? open.FilterStart : 0), open.Catch));
    }

    void End()
    {
        var open = _open.Count > 0 ? _open.Pop() : throw new InvalidOperationException("a try block ends that has not begun");
        EndPart(open);
        if (open.Done.Count == 0)
            throw new InvalidOperationException("a try block has no handler");
        foreach (var (clause, caught) in open.Done)
        {
            var token = caught?.Token ?? 0;
            if (caught is not null && token == 0 && !KnownTokens.TryGetValue(caught.catchType ?? typeof(object), out token))
                _catchTypes.Add(new TokenUse(_clauses.Count, TypeSignature.Of(caught.catchType ?? typeof(object)), IsType: true));
            _clauses.Add(clause.Kind == ExceptionClause.Catch ? clause with { TokenOrFilter = token } : clause);
        }
        _il.Mark(open.EndLabel);
        _isReached = true;
        _depth = 0;
    }

    // instructions

    void WriteOpcode(OpCode opcode)
    {
        if (opcode.Size == 2)
            _il.Op(0xFE);
        _il.Op((byte)opcode.Value);
    }

    void WriteCode(CodeInstruction instruction)
    {
        var (opcode, operand) = (instruction.opcode, instruction.operand);
        switch (opcode.OperandType)
        {
            case OperandType.InlineNone:
                WriteOpcode(opcode);
                return;
            case OperandType.ShortInlineBrTarget:
                _il.Branch(opcode == OpCodes.Leave_S ? (byte)0xDD : (byte)(opcode.Value + 0x0D), LabelOf((Label)operand!));
                return;
            case OperandType.InlineBrTarget:
                _il.Branch((byte)opcode.Value, LabelOf((Label)operand!));
                return;
            case OperandType.InlineSwitch:
                _il.Switch([.. ((IEnumerable<Label>)operand!).Select(LabelOf)]);
                return;
            case OperandType.ShortInlineI:
                WriteOpcode(opcode);
                _il.Op(opcode == OpCodes.Ldc_I4_S ? (byte)Convert.ToSByte(Number(operand), CultureInfo.InvariantCulture) : Convert.ToByte(Number(operand), CultureInfo.InvariantCulture));
                return;
            case OperandType.InlineI:
                WriteOpcode(opcode);
                _il.Int(operand is uint bits ? (int)bits : Convert.ToInt32(Number(operand), CultureInfo.InvariantCulture));
                return;
            case OperandType.InlineI8:
                WriteOpcode(opcode);
                _il.Bytes(BitConverter.GetBytes(operand is ulong wide ? (long)wide : Convert.ToInt64(Number(operand), CultureInfo.InvariantCulture)));
                return;
            case OperandType.ShortInlineR:
                WriteOpcode(opcode);
                _il.Bytes(BitConverter.GetBytes(Convert.ToSingle(operand, CultureInfo.InvariantCulture)));
                return;
            case OperandType.InlineR:
                WriteOpcode(opcode);
                _il.Bytes(BitConverter.GetBytes(Convert.ToDouble(operand, CultureInfo.InvariantCulture)));
                return;
            case OperandType.ShortInlineVar or OperandType.InlineVar:
                WriteVariable(opcode, operand is LocalBuilder local ? local.LocalIndex : Convert.ToInt32(operand, CultureInfo.InvariantCulture));
                return;
            case OperandType.InlineString:
                WriteOpcode(opcode);
                if (TokenOf(instruction) is { } token)
                    _il.Int(token);
                else
                    _il.Text((string)operand!);
                return;
            default:
                WriteReference(instruction);
                return;
        }
    }

    /// <summary>Enums are their numbers.</summary>
    static object Number(object? operand) => operand is Enum value ? Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), CultureInfo.InvariantCulture) : operand!;

    void WriteVariable(OpCode opcode, int index)
    {
        switch (opcode.Value)
        {
            case 0x0E or unchecked((short)0xFE09):
                _il.LoadArgument(index);
                break;
            case 0x0F or unchecked((short)0xFE0A):
                _il.LoadArgumentAddress(index);
                break;
            case 0x10 or unchecked((short)0xFE0B):
                _il.StoreArgument(index);
                break;
            case 0x11 or unchecked((short)0xFE0C):
                _il.LoadLocal(index);
                break;
            case 0x12 or unchecked((short)0xFE0D):
                _il.LoadLocalAddress(index);
                break;
            default:
                _il.StoreLocal(index);
                break;
        }
    }

    /// <summary>The token that the original's module has for an operand; null without one.</summary>
    int? TokenOf(CodeInstruction instruction) =>
        instruction.Read.Token != 0 && ReferenceEquals(instruction.operand, instruction.Read.Operand) ? instruction.Read.Token
        : instruction.operand is RawToken raw ? raw.Token
        : instruction.operand is { } operand && KnownTokens.TryGetValue(operand, out var known) ? known
        : instruction.operand is MemberInfo member && Access.HasToken(_method, member) ? member.MetadataToken
        : null;

    void WriteReference(CodeInstruction instruction)
    {
        var opcode = instruction.opcode;
        if (instruction.operand is null)
            throw new ArgumentException("it has no operand");
        if (TokenOf(instruction) is { } token)
        {
            WriteOpcode(opcode);
            _il.Int(token);
            return;
        }
        if (instruction.operand is Type type && Access.IsNameable(_method, type, opcode))
        {
            WriteOpcode(opcode);
            _il.TypeToken(TypeSignature.Of(type));
            return;
        }
        if (_previous?.opcode.OpCodeType == OpCodeType.Prefix && _previous.opcode != OpCodes.Tailcall)
            throw new NotSupportedException($"what follows {_previous.opcode.Name} must be something that the original's module has a reference to");
        Indirection.For(opcode, instruction.operand).Write(_il);
    }

    // how much lies on the stack

    void Count(CodeInstruction instruction)
    {
        if (!_isReached)
            _depth = 0;
        var (popped, pushed) = StackUse.Of(instruction, _method);
        _depth = Math.Max(0, _depth - popped) + pushed;
        _maxDepth = Math.Max(_maxDepth, _depth + 2); // an address on top
    }
}
