using System.Buffers.Binary;

namespace HarmonyLib.Weaving;

/// <summary>A woven method body in its parts; <see cref="ToArray"/> joins them when the runtime has given out the tokens.</summary>
sealed record WovenBody(byte[] Header, byte[] Code, List<TokenUse> CodeTokens, byte[] Locals, byte[] Clauses, List<TokenUse> CatchTokens)
{
    /// <summary>Every signature that needs a token, the local variables first.</summary>
    public IEnumerable<(byte[] Signature, bool IsType)> Signatures =>
        CodeTokens.Concat(CatchTokens).Select(use => (use.Signature, use.IsType)).Prepend((Locals, false));

    /// <param name="token">The token for a signature.</param>
    public byte[] ToArray(Func<byte[], bool, int> token)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Header.AsSpan(4), Code.Length);
        BinaryPrimitives.WriteInt32LittleEndian(Header.AsSpan(8), token(Locals, false));
        foreach (var use in CodeTokens)
            BinaryPrimitives.WriteInt32LittleEndian(Code.AsSpan(use.At), token(use.Signature, use.IsType));
        foreach (var use in CatchTokens) // At is the index of the clause; its token is the last of six fields
            BinaryPrimitives.WriteInt32LittleEndian(Clauses.AsSpan(4 + 24 * use.At + 20), token(use.Signature, use.IsType));
        var padding = Clauses.Length > 0 ? -Code.Length & 3 : 0;
        return [.. Header, .. Code, .. new byte[padding], .. Clauses];
    }
}
