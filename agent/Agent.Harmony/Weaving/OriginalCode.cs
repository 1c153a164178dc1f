using System.Buffers.Binary;

namespace HarmonyLib.Weaving;

/// <summary>
/// Copies the code of a method into a writer so that it can live inside a larger method: `ret` becomes «store the result, go to the
/// end», short branches become long ones, `tail.` is dropped (the call is no longer the last thing that happens).
/// </summary>
static class OriginalCode
{
    const byte Ret = 0x2A, Jmp = 0x27, Switch = 0x45, Leave = 0xDD, LeaveShort = 0xDE, Wide = 0xFE, WideTail = 0x14, WideArglist = 0x00;

    /// <summary>Bytes behind each one-byte opcode; 9 marks bytes that are not opcodes.</summary>
    static ReadOnlySpan<byte> OperandSizes =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, // 00 nop … ldarg.s ldarga.s
        1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, // 10 starg.s ldloc.s ldloca.s stloc.s ldnull … ldc.i4.s
        4, 8, 4, 8, 9, 0, 0, 4, 4, 4, 0, 1, 1, 1, 1, 1, // 20 ldc … dup pop jmp call calli ret br.s …
        1, 1, 1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 4, 4, 4, // 30 … blt.un.s br …
        4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // 40 … blt.un switch ldind …
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // 50 stind … add …
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, // 60 … conv … callvirt
        4, 4, 4, 4, 4, 4, 0, 9, 9, 4, 0, 4, 4, 4, 4, 4, // 70 cpobj ldobj ldstr newobj castclass isinst conv.r.un unbox throw ldfld …
        4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 0, 4, // 80 stsfld stobj conv.ovf … box newarr ldlen ldelema
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // 90 ldelem … stelem …
        0, 0, 0, 4, 4, 4, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, // A0 … ldelem stelem unbox.any
        9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, // B0 conv.ovf …
        9, 9, 4, 0, 9, 9, 4, 9, 9, 9, 9, 9, 9, 9, 9, 9, // C0 refanyval ckfinite mkrefany
        4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, // D0 ldtoken conv … endfinally leave leave.s stind.i
        0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, // E0 conv.u
        9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, // F0
    ];

    /// <summary>Bytes behind each opcode of the form FE xx.</summary>
    static ReadOnlySpan<byte> WideOperandSizes =>
    [
        0, 0, 0, 0, 0, 0, 4, 4, 9, 2, 2, 2, 2, 2, 2, 0, // arglist ceq … ldftn ldvirtftn ldarg … localloc
        9, 0, 1, 0, 0, 4, 4, 0, 0, 1, 0, 9, 4, 0, 0,    // endfilter unaligned. volatile. tail. initobj constrained. … sizeof refanytype readonly.
    ];

    /// <param name="resultLocal">Where results go; -1 for void.</param>
    /// <param name="end">The label behind the code.</param>
    /// <returns>The new offset of each old one; the last entry is the end.</returns>
    /// <exception cref="HarmonyException">The code has something that cannot be moved.</exception>
    public static int[] CopyTo(IlWriter writer, ReadOnlySpan<byte> code, int resultLocal, int end)
    {
        var moved = new int[code.Length + 1];
        for (var i = 0; i < moved.Length; i++)
            moved[i] = -1;
        var branches = new List<int>(); // pairs: where the branch is written, and its old target
        for (var at = 0; at < code.Length;)
        {
            moved[at] = writer.Position;
            var opcode = code[at];
            if (opcode == Wide)
            {
                at += CopyWide(writer, code[at..], at);
                continue;
            }
            var operand = at + 1;
            int size = OperandSizes[opcode];
            switch (opcode)
            {
                case Ret:
                    if (resultLocal >= 0)
                        writer.StoreLocal(resultLocal);
                    writer.Branch(0x38, end); // br
                    break;
                case Jmp:
                    throw new HarmonyException("its code has a jmp instruction");
                case Switch:
                    var count = BinaryPrimitives.ReadInt32LittleEndian(code[operand..]);
                    size = 4 + 4 * count;
                    writer.Op(Switch);
                    writer.Int(count);
                    var tableEnd = writer.Position + 4 * count;
                    for (var i = 1; i <= count; i++)
                    {
                        Branch(writer.Position, operand + size + BinaryPrimitives.ReadInt32LittleEndian(code[(operand + 4 * i)..]));
                        writer.Int(tableEnd); // what the target is relative to; replaced below
                    }
                    break;
                case >= 0x2B and <= 0x37 or LeaveShort:
                    Branch(writer.Position + 1, operand + 1 + (sbyte)code[operand]);
                    writer.Op(opcode == LeaveShort ? Leave : (byte)(opcode + 0x0D));
                    writer.Int(writer.Position + 4); // what the target is relative to; replaced below
                    break;
                case >= 0x38 and <= 0x44 or Leave:
                    Branch(writer.Position + 1, operand + 4 + BinaryPrimitives.ReadInt32LittleEndian(code[operand..]));
                    writer.Op(opcode);
                    writer.Int(writer.Position + 4);
                    break;
                default:
                    if (size == 9)
                        throw new HarmonyException($"its code has the unknown instruction {opcode:X2} at {at:X4}");
                    writer.Bytes(code.Slice(at, 1 + size));
                    break;
            }
            at = operand + size;
        }
        moved[^1] = writer.Position;
        for (var i = 0; i < branches.Count; i += 2)
            writer.Set(branches[i], Moved(moved, branches[i + 1]) - writer.Get(branches[i]));
        return moved;

        void Branch(int at, int target)
        {
            branches.Add(at);
            branches.Add(target);
        }
    }

    /// <summary>The new offset of an old one, which must be the start of an instruction.</summary>
    public static int Moved(int[] moved, int offset) => offset >= 0 && offset < moved.Length && moved[offset] >= 0
        ? moved[offset]
        : throw new HarmonyException($"its code refers to the offset {offset:X4}, where no instruction starts");

    static int CopyWide(IlWriter writer, ReadOnlySpan<byte> code, int at)
    {
        var opcode = code[1];
        int size = opcode < WideOperandSizes.Length ? WideOperandSizes[opcode] : 9;
        if (size == 9)
            throw new HarmonyException($"its code has the unknown instruction FE {opcode:X2} at {at:X4}");
        if (opcode == WideArglist)
            throw new HarmonyException("its code uses a variable argument list");
        if (opcode != WideTail)
            writer.Bytes(code[..(2 + size)]);
        return 2 + size;
    }
}
