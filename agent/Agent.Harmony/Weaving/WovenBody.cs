using System.Buffers.Binary;

namespace HarmonyLib.Weaving;

/// <summary>
/// A woven method body as the native part keeps it: the IL, without the tokens of signatures, and behind it where which signature is used
/// (define_tokens in rejit.c). The runtime gives out tokens when the method is first called.
/// </summary>
/// <param name="Bytes">Both.</param>
/// <param name="IlSize">Where the IL ends.</param>
sealed record WovenBody(byte[] Bytes, int IlSize)
{
    /// <param name="header">Of a fat body; sizes and tokens are still missing.</param>
    /// <param name="code">The instructions.</param>
    /// <param name="codeTokens">The signatures they use.</param>
    /// <param name="locals">The signature of the local variables.</param>
    /// <param name="clauses">The exception section; empty if there is none.</param>
    /// <param name="catchTokens">The types that its clauses catch; At is the index of the clause.</param>
    public static WovenBody Join(byte[] header, byte[] code, List<TokenUse> codeTokens, byte[] locals, byte[] clauses, List<TokenUse> catchTokens)
    {
        var bytes = JoinIl(header, code, clauses, out var clausesAt);
        var size = bytes.Count;

        var uses = new List<TokenUse>(1 + codeTokens.Count + catchTokens.Count) { new(8, locals, IsType: false) };
        foreach (var use in codeTokens)
            uses.Add(use with { At = header.Length + use.At });
        foreach (var use in catchTokens)
            uses.Add(use with { At = clausesAt + 4 + 24 * use.At + 20 }); // the last of six fields
        AddUses(bytes, uses);
        return new WovenBody([.. bytes], size);
    }

    /// <summary>A body that is complete: all tokens are in it.</summary>
    /// <param name="header">Of a fat body; sizes and tokens are still missing.</param>
    /// <param name="code">The instructions.</param>
    /// <param name="localsToken">The signature of the local variables; 0 without any.</param>
    /// <param name="clauses">The exception section; empty if there is none.</param>
    public static WovenBody Join(byte[] header, byte[] code, int localsToken, byte[] clauses)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), localsToken);
        byte[] bytes = [.. JoinIl(header, code, clauses, out _)];
        return new WovenBody(bytes, bytes.Length);
    }

    static List<byte> JoinIl(byte[] header, byte[] code, byte[] clauses, out int clausesAt)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), code.Length);
        clausesAt = header.Length + code.Length + (clauses.Length > 0 ? -code.Length & 3 : 0);
        var bytes = new List<byte>(clausesAt + clauses.Length + 256);
        bytes.AddRange(header);
        bytes.AddRange(code);
        while (bytes.Count < clausesAt)
            bytes.Add(0);
        bytes.AddRange(clauses);
        return bytes;
    }

    static void AddUses(List<byte> bytes, List<TokenUse> uses)
    {
        while (uses.Count > 0)
        {
            var first = uses[0];
            var same = uses.FindAll(use => use.IsType == first.IsType && use.IsString == first.IsString && use.Signature.AsSpan().SequenceEqual(first.Signature));
            uses.RemoveAll(same.Contains);
            AddInt(bytes, first.IsString ? 2 : first.IsType ? 1 : 0);
            AddInt(bytes, first.Signature.Length);
            AddInt(bytes, same.Count);
            foreach (var use in same)
                AddInt(bytes, use.At);
            bytes.AddRange(first.Signature);
        }
    }

    static void AddInt(List<byte> bytes, int value)
    {
        Span<byte> four = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(four, value);
        foreach (var item in four)
            bytes.Add(item);
    }
}
